package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.account.MacCount;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchPredictorTest {
  private static final GateSpec LINEAR =
      new GateSpec(new LinearGate(), Granularity.BLOCK, 1f, 0.5f, 0);
  private static final ModelSpec GATED =
      ModelSpec.gated(List.of(5, 40, 20, 3), 8, Activation.RELU, OutputForm.SOFTMAX, LINEAR);

  private static BatchPredictor batch(Model model, int maximumRows, FeatureCheck check) {
    return BatchPredictor.of(model, maximumRows, check, KernelProvider.kernels());
  }

  private static void assertMessage(String expected, Exception actual) {
    assertEquals(expected, actual.getMessage());
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void itExecutesAllInputsOfTheBlocksThatRowsOpen(Kernels kernels) {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = TestModels.randomSpec(random);
      try (Model model = TestModels.random(spec, random);
          BatchPredictor batch = BatchPredictor.of(model, 9, FeatureCheck.NONE, kernels)) {
        float[] in = TestModels.randomRows(9, spec.inputs(), random);
        batch.predict(in, 9, new float[9 * spec.outputs()]);
        MacCount macs = batch.macs();
        Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels);
        long[] expectedPanels = new long[spec.layers().size()];
        for (int row = 0; row < 9; row++) {
          int from = row * spec.inputs();
          predictor.predict(
              Arrays.copyOfRange(in, from, from + spec.inputs()), new float[spec.outputs()]);
          for (int layer = 0; layer < expectedPanels.length; layer++) {
            expectedPanels[layer] +=
                (long) openTrueUnits(predictor, layer) * spec.layerInputs(layer);
          }
        }
        for (int layer = 0; layer < expectedPanels.length; layer++) {
          String where = "seed=" + seed + ", layer=" + layer;
          assertEquals(expectedPanels[layer], macs.panelMacs(layer), where);
          assertEquals(9 * fullGateMacs(spec, layer), macs.gateMacs(layer), where);
        }
      }
    }
  }

  private static int openTrueUnits(Predictor predictor, int layer) {
    LayerSpec spec = predictor.spec().layers().get(layer);
    ActiveSet blocks = predictor.openBlocks(layer);
    int units = 0;
    for (int position = 0; position < blocks.count(); position++) {
      int from = blocks.index(position) * spec.blockSize();
      units += Math.min(spec.blockSize(), spec.units() - from);
    }
    return units;
  }

  private static long fullGateMacs(ModelSpec spec, int layer) {
    long macs = 0;
    for (ProjectionSpec projection : spec.gateProjections(layer)) {
      macs += (long) projection.units() * projection.inputs();
    }
    return macs;
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void emptyFullAndMixedGroupsAnswerTheirRows(Kernels kernels) {
    ModelSpec spec =
        ModelSpec.of(
            1,
            List.of(
                new LayerSpec.Gated(16, 8, Activation.RELU, LINEAR),
                new LayerSpec.Dense(1, 8, Activation.IDENTITY)),
            OutputForm.IDENTITY);
    try (Model model = TestModels.zeros(spec);
        BatchPredictor batch = BatchPredictor.of(model, 12, FeatureCheck.NONE, kernels)) {
      // block 0 opens for x > 0 and adds 8x, block 1 for x > 1 and adds 80x
      TestModels.gate(model, 0, 0).weights().set(0, 0, 1);
      TestModels.gate(model, 0, 0).weights().set(1, 0, 1);
      TestModels.setBias(TestModels.gate(model, 0, 0), 1, -1);
      for (int unit = 0; unit < 16; unit++) {
        TestModels.layer(model, 0).weights().set(unit, 0, unit < 8 ? 1 : 10);
        TestModels.layer(model, 1).weights().set(0, unit, 1);
      }
      assertAnswers(batch, new float[] {-1, -2, -3}, 0, 0, 0);
      assertAnswers(batch, new float[] {2, 3}, 176, 264);
      assertAnswers(batch, new float[] {-1, 2, 0.5f, -1, 1}, 0, 176, 4, 0, 8);
      assertAnswers(batch, new float[0]);
      assertAnswers(batch, new float[12], new float[12]);
    }
  }

  private static void assertAnswers(BatchPredictor batch, float[] in, float... expected) {
    float[] out = new float[in.length];
    batch.predict(in, in.length, out);
    assertArrayEquals(expected, out);
  }

  @Test
  void logitsAreThoseOfSingleRows() {
    SplittableRandom random = new SplittableRandom(3);
    try (Model model = TestModels.random(GATED, random);
        BatchPredictor batch = BatchPredictor.of(model, 4);
        Predictor predictor = Predictor.of(model)) {
      float[] in = TestModels.randomRows(4, 5, random);
      float[] out = new float[12];
      batch.logits(in, 4, out);
      for (int row = 0; row < 4; row++) {
        float[] logits = new float[3];
        predictor.logits(Arrays.copyOfRange(in, row * 5, row * 5 + 5), logits);
        assertArrayEquals(logits, Arrays.copyOfRange(out, row * 3, row * 3 + 3));
      }
    }
  }

  @Test
  void longerArraysKeepWhatTheBatchDoesNotReach() {
    try (Model model = TestModels.random(GATED, new SplittableRandom(1));
        BatchPredictor batch = BatchPredictor.of(model, 4)) {
      float[] out = new float[12];
      Arrays.fill(out, 9f);
      batch.predict(new float[20], 2, out);
      assertEquals(1f, out[3] + out[4] + out[5], 1e-6f);
      assertArrayEquals(new float[] {9, 9, 9, 9, 9, 9}, Arrays.copyOfRange(out, 6, 12));
    }
  }

  @Test
  void countsFollowTheLastBatch() {
    try (Model model = TestModels.random(GATED, new SplittableRandom(1));
        BatchPredictor batch = BatchPredictor.of(model, 4)) {
      assertEquals(0, batch.macs().executedMacs());
      batch.predict(new float[20], 4, new float[12]);
      long four = batch.structuralMacs().executedMacs();
      batch.predict(new float[20], 1, new float[12]);
      assertEquals(four, 4 * batch.structuralMacs().executedMacs());
      batch.predict(new float[0], 0, new float[0]);
      assertEquals(0, batch.macs().executedMacs());
    }
  }

  @Test
  void wrongCountsAndLengthsAreNamed() {
    try (Model model = TestModels.random(GATED, new SplittableRandom(1));
        BatchPredictor batch = BatchPredictor.of(model, 4)) {
      assertMessage(
          "row count out of range: rows=5, maximumRows=4",
          assertThrows(
              IllegalArgumentException.class,
              () -> batch.predict(new float[25], 5, new float[15])));
      assertMessage(
          "row count out of range: rows=-1, maximumRows=4",
          assertThrows(
              IllegalArgumentException.class, () -> batch.predict(new float[5], -1, new float[3])));
      assertMessage(
          "input is shorter than the batch: rows=4, columns=5, needed=20, actual=19",
          assertThrows(
              IllegalArgumentException.class,
              () -> batch.predict(new float[19], 4, new float[12])));
      assertMessage(
          "output is shorter than the batch: rows=4, columns=3, needed=12, actual=11",
          assertThrows(
              IllegalArgumentException.class, () -> batch.logits(new float[20], 4, new float[11])));
      assertMessage(
          "maximum of rows is not positive: maximumRows=0",
          assertThrows(IllegalArgumentException.class, () -> BatchPredictor.of(model, 0)));
    }
  }

  @Test
  void theFirstFeatureThatIsNotFiniteIsNamedWithItsRow() {
    try (Model model = TestModels.random(GATED, new SplittableRandom(1));
        BatchPredictor batch = batch(model, 4, FeatureCheck.FINITE)) {
      float[] in = new float[20];
      in[12] = Float.NEGATIVE_INFINITY;
      in[17] = Float.NaN;
      assertMessage(
          "feature is not finite: row=2, index=2, value=-Infinity",
          assertThrows(IllegalArgumentException.class, () -> batch.predict(in, 4, new float[12])));
      batch.predict(in, 2, new float[12]);
    }
  }

  @Test
  void closedPredictorsAndModelsAreRefused() {
    Model model = TestModels.random(GATED, new SplittableRandom(1));
    BatchPredictor batch = BatchPredictor.of(model, 4);
    BatchPredictor other = BatchPredictor.of(model, 4);
    other.close();
    other.close();
    assertMessage(
        "batch predictor is closed: layers=5-40-20-3",
        assertThrows(
            IllegalStateException.class, () -> other.predict(new float[5], 1, new float[3])));
    model.close();
    assertMessage(
        "model is closed: layers=5-40-20-3",
        assertThrows(
            IllegalStateException.class, () -> batch.predict(new float[5], 1, new float[3])));
    assertMessage(
        "model is closed: layers=5-40-20-3",
        assertThrows(IllegalStateException.class, () -> BatchPredictor.of(model, 4)));
    batch.close();
  }
}
