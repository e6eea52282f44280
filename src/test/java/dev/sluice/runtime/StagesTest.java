package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.account.MacCount;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.StageSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Small networks worked through by hand.
class StagesTest {
  private static LayerSpec dense(int units) {
    return new LayerSpec.Dense(units, 8, Activation.IDENTITY);
  }

  /// First stage: logits `(x₁, −x₁)`, so the larger probability is `σ(2·|x₁|)`. Second stage: `(x₀, 3)`.
  static Model exiting(OutputForm output, ExitSpec exit) {
    StageSpec first = new StageSpec(FeatureSelection.of(1), false, List.of(dense(2)), exit);
    StageSpec second = new StageSpec(FeatureSelection.all(), false, List.of(dense(2)), null);
    Model model = TestModels.zeros(new ModelSpec(2, List.of(first, second), output));
    TestModels.layer(model, 0).weights().set(0, 0, 1);
    TestModels.layer(model, 0).weights().set(1, 0, -1);
    TestModels.layer(model, 1).weights().set(0, 0, 1);
    TestModels.setBias(TestModels.layer(model, 1), 1, 3);
    return model;
  }

  static Model exiting() {
    return exiting(
        OutputForm.SOFTMAX, new ExitSpec.Confidence(ExitSpec.Measure.MAX_PROBABILITY, 0.9f));
  }

  @Test
  void aConfidentRowStopsAtTheFirstStageAndOthersGoOn() {
    try (Model model = exiting();
        Predictor predictor = Predictor.of(model)) {
      float[] out = new float[2];
      predictor.predict(new float[] {5, 2}, out);
      assertEquals(0, predictor.stage());
      assertEquals(0.98201376f, out[0], 1e-6f);
      assertEquals(2, predictor.macs().structuralMacs());
      assertEquals(4, predictor.macs().skippedByGateMacs());
      assertEquals(0, predictor.openBlocks(1).count());

      predictor.predict(new float[] {5, 0.5f}, out);
      assertEquals(1, predictor.stage());
      assertEquals(0.880797f, out[0], 1e-6f);
      assertEquals(6, predictor.macs().structuralMacs());
      assertEquals(0, predictor.macs().skippedByGateMacs());
      assertEquals(1, predictor.openBlocks(1).count());
      predictor.logits(new float[] {5, 2}, out);
      assertArrayEquals(new float[] {2, -2}, out);
    }
  }

  @Test
  void rowsThatStopLeaveTheBatchAndAnswersLandInTheirRows() {
    try (Model model = exiting();
        BatchPredictor batch = BatchPredictor.of(model, 5)) {
      float[] out = new float[10];
      float[] in = {5, 2, 5, 0.5f, 1, -2, 4, -0.5f, 3, 0};
      batch.logits(in, 5, out);
      assertArrayEquals(new float[] {2, -2, 5, 3, -2, 2, 4, 3, 3, 3}, out);
      int[] stages = {0, 1, 0, 1, 1};
      for (int row = 0; row < 5; row++) {
        assertEquals(stages[row], batch.stage(row));
      }
      assertEquals(5 * 2 + 3 * 4, batch.macs().executedMacs());
      assertEquals(2 * 4, batch.structuralMacs().skippedByGateMacs());
      assertThrows(IllegalArgumentException.class, () -> batch.stage(5));
    }
  }

  @Test
  void exitsOfConfidenceNeedProbabilities() {
    ExitSpec exit = new ExitSpec.Confidence(ExitSpec.Measure.MARGIN, 0.5f);
    try (Model model = exiting(OutputForm.IDENTITY, exit)) {
      String expected = "confidence of an exit needs probabilities: stage=0, output=identity";
      assertEquals(
          expected,
          assertThrows(IllegalArgumentException.class, () -> Predictor.of(model)).getMessage());
      assertEquals(
          expected,
          assertThrows(IllegalArgumentException.class, () -> BatchPredictor.of(model, 2))
              .getMessage());
    }
  }

  /// Answers 10, 20, 40; halting units `σ(100·x)`, then `σ(−ln 3) = ¼`.
  private static Model halting() {
    ExitSpec exit = new ExitSpec.Halting(0.01f);
    StageSpec stage = new StageSpec(FeatureSelection.all(), false, List.of(dense(1)), exit);
    ModelSpec spec = new ModelSpec(1, List.of(stage, stage, stage), OutputForm.IDENTITY);
    Model model = TestModels.zeros(spec);
    for (int layer = 0; layer < 3; layer++) {
      TestModels.setBias(TestModels.layer(model, layer), 0, 10 << layer);
    }
    haltingUnit(model, 0).weights().set(0, 0, 100);
    TestModels.setBias(haltingUnit(model, 1), 0, (float) -Math.log(3));
    return model;
  }

  private static Projection haltingUnit(Model model, int layer) {
    return model.weights().layers().get(layer).chain(Chain.HALT).getFirst();
  }

  @Test
  void aRowHaltsWhenItsSharesAddUpToOne() {
    try (Model model = halting();
        Predictor predictor = Predictor.of(model)) {
      float[] out = new float[1];
      // shares ½ and ¼, the last stage gets what is left
      predictor.predict(new float[1], out);
      assertEquals(0.5f * 10 + 0.25f * 20 + 0.25f * 40, out[0], 1e-5f);
      assertEquals(2, predictor.stage());
      MacCount macs = predictor.macs();
      assertEquals(5, macs.structuralMacs());

      predictor.predict(new float[] {1}, out);
      assertEquals(10f, out[0]);
      assertEquals(0, predictor.stage());
      assertEquals(1, predictor.macs().exitMacs(0));
      assertEquals(2, predictor.macs().structuralMacs());
      assertEquals(2, predictor.macs().skippedByGateMacs());
    }
  }

  /// Two blocks of eight over one input: own product 10·x + 1, light path 3·(2·x) + ½; gate 0 open with weight σ(ln 3) = ¾, gate 1 closed.
  private static Model light(boolean scales) {
    GateSpec gate =
        new GateSpec(new LinearGate(), Granularity.BLOCK, 1, ThresholdRule.standard(), scales);
    LayerSpec layer = new LayerSpec.Gated(16, 8, Activation.RELU, gate, 1);
    Model model = TestModels.zeros(ModelSpec.of(1, List.of(layer), OutputForm.IDENTITY));
    List<Projection> light = model.weights().layers().getFirst().chain(Chain.LIGHT);
    light.getFirst().weights().set(0, 0, 2);
    for (int unit = 0; unit < 16; unit++) {
      TestModels.layer(model, 0).weights().set(unit, 0, 10);
      TestModels.setBias(TestModels.layer(model, 0), unit, 1);
      light.getLast().weights().set(unit, 0, 3);
      TestModels.setBias(light.getLast(), unit, 0.5f);
    }
    TestModels.setBias(TestModels.gate(model, 0, 0), 0, (float) Math.log(3));
    TestModels.setBias(TestModels.gate(model, 0, 0), 1, -1);
    return model;
  }

  @Test
  void closedUnitsHaveTheLightPathsValuesAndOpenOnesAMixture() {
    for (boolean scales : new boolean[] {false, true}) {
      try (Model model = light(scales);
          Predictor predictor = Predictor.of(model);
          BatchPredictor batch = BatchPredictor.of(model, 2)) {
        float[] out = new float[32];
        batch.predict(new float[] {1, 1}, 2, out);
        float[] single = new float[16];
        predictor.predict(new float[] {1}, single);
        for (int unit = 0; unit < 16; unit++) {
          float expected = unit >= 8 ? 6.5f : scales ? 0.75f * 11 + 0.25f * 6.5f : 11;
          assertEquals(expected, single[unit], 1e-5f);
          assertEquals(single[unit], out[unit]);
          assertEquals(single[unit], out[16 + unit]);
        }
        MacCount macs = predictor.macs();
        assertEquals(8, macs.panelMacs(0));
        assertEquals(2, macs.gateMacs(0));
        assertEquals(1 + 16, macs.lightMacs(0));
        assertEquals(8, macs.skippedByGateMacs(0));
        assertEquals(27, macs.structuralMacs());
      }
    }
  }

  @Test
  void scatteredFeaturesAreGatheredInOrder() {
    FeatureSelection features = FeatureSelection.parse("1,3,5-6,9,20-39");
    StageSpec stage = new StageSpec(features, false, List.of(dense(1)), null);
    ModelSpec spec = new ModelSpec(41, List.of(stage), OutputForm.IDENTITY);
    try (Model model = TestModels.zeros(spec);
        Predictor predictor = Predictor.of(model)) {
      float[] in = new float[41];
      int position = 0;
      float expected = 0;
      for (int index : features.indices(41)) {
        in[index] = index;
        TestModels.layer(model, 0).weights().set(0, position, position + 1);
        expected += index * ++position;
      }
      in[0] = in[40] = in[8] = 1000;
      float[] out = new float[1];
      predictor.predict(in, out);
      assertEquals(expected, out[0]);
    }
  }
}
