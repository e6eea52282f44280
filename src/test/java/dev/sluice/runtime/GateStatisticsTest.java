package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateStatisticsTest {
  /// One input x; gate `index` of the layer opens for x > index.
  private static Model staircase(Granularity granularity) {
    GateSpec gate = new GateSpec(new LinearGate(), granularity, 1f, 0.5f, 0);
    ModelSpec spec =
        ModelSpec.of(
            1,
            List.of(
                new LayerSpec.Gated(32, 8, Activation.RELU, gate),
                new LayerSpec.Dense(9, 8, Activation.IDENTITY)),
            OutputForm.IDENTITY);
    Model model = TestModels.zeros(spec);
    Projection projection = TestModels.gate(model, 0, 0);
    for (int index = 0; index < projection.spec().units(); index++) {
      projection.weights().set(index, 0, 1f);
      TestModels.setBias(projection, index, -index);
    }
    return model;
  }

  private static GateStatistics statistics(Model model, float... rows) {
    GateStatistics statistics = new GateStatistics(model.spec());
    Predictor predictor = Predictor.of(model);
    for (float x : rows) {
      predictor.predict(new float[] {x}, new float[9]);
      statistics.add(predictor);
    }
    return statistics;
  }

  @Test
  void meanSpreadAndUsageAreThoseOfTheRows() {
    try (Model model = staircase(Granularity.BLOCK)) {
      // 1, 4, 0 and 3 of 4 blocks
      GateStatistics statistics = statistics(model, 0.5f, 9f, -1f, 2.5f);
      assertEquals(4, statistics.rows());
      assertEquals((1 + 4 + 0 + 3) / 16.0, statistics.mean(), 1e-12);
      // deviations from ½: −¼, ½, −½, ¼
      double variance = (0.0625 + 0.25 + 0.25 + 0.0625) / 4;
      assertEquals(Math.sqrt(variance), statistics.standardDeviation(), 1e-12);
      assertEquals(0.75, statistics.usage(0, 0));
      assertEquals(0.5, statistics.usage(0, 2));
      assertEquals(0.25, statistics.usage(0, 3));
      assertEquals(1.0, statistics.usage(1, 1));
    }
  }

  @Test
  void unitGatesCountAsUnitsAndUsageAsBlocks() {
    try (Model model = staircase(Granularity.UNIT)) {
      // 9 of 32 units, in 2 of 4 blocks
      GateStatistics statistics = statistics(model, 8.5f);
      assertEquals(9 / 32.0, statistics.mean(), 1e-12);
      assertEquals(0.0, statistics.standardDeviation());
      assertEquals(1.0, statistics.usage(0, 1));
      assertEquals(0.0, statistics.usage(0, 2));
    }
  }

  @Test
  void aModelWithoutGatesIsAlwaysOpen() {
    ModelSpec spec = ModelSpec.dense(List.of(1, 9), 8, Activation.RELU, OutputForm.IDENTITY);
    try (Model model = TestModels.zeros(spec)) {
      GateStatistics statistics = statistics(model, 1f, 2f);
      assertEquals(1.0, statistics.mean());
      assertEquals(0.0, statistics.standardDeviation());
    }
  }

  @Test
  void withoutRowsThereIsNoMean() {
    try (Model model = staircase(Granularity.BLOCK)) {
      GateStatistics statistics = statistics(model);
      assertTrue(Double.isNaN(statistics.mean()));
      assertTrue(Double.isNaN(statistics.standardDeviation()));
      assertTrue(Double.isNaN(statistics.usage(0, 0)));
    }
  }

  @Test
  void foreignPredictorsUnansweredOnesAndUnknownBlocksAreRefused() {
    try (Model model = staircase(Granularity.BLOCK);
        Model other = staircase(Granularity.UNIT)) {
      GateStatistics statistics = new GateStatistics(model.spec());
      assertThrows(IllegalArgumentException.class, () -> statistics.add(Predictor.of(other)));
      assertThrows(IllegalStateException.class, () -> statistics.add(Predictor.of(model)));
      assertThrows(IllegalArgumentException.class, () -> statistics.usage(0, 4));
      assertThrows(IllegalArgumentException.class, () -> statistics.usage(2, 0));
    }
  }
}
