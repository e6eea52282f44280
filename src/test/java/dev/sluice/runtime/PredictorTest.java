package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.StaticGate;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tiny networks worked out by hand.
class PredictorTest {
  private static final GateSpec LINEAR = gate(Granularity.BLOCK, 0);

  private static GateSpec gate(Granularity granularity, int minimumOpen) {
    return new GateSpec(new LinearGate(), granularity, 1f, 0.5f, minimumOpen);
  }

  private static Predictor predictor(Model model, Kernels kernels) {
    return Predictor.of(model, FeatureCheck.NONE, kernels);
  }

  private static float[] predict(Predictor predictor, float... in) {
    float[] out = new float[predictor.outputs()];
    predictor.predict(in, out);
    return out;
  }

  /// Two inputs; 16 hidden units in two blocks of 8, unit u = (u + 1)·x₀ + x₁; block 0 opens for x₀ > 0, block 1 for x₁ > 0; one output,
  /// the sum of the hidden units.
  private static Model twoBlocks(GateSpec gate) {
    Model model =
        TestModels.zeros(
            ModelSpec.of(
                2,
                List.of(
                    new LayerSpec.Gated(16, 8, Activation.IDENTITY, gate),
                    new LayerSpec.Dense(1, 8, Activation.IDENTITY)),
                OutputForm.IDENTITY));
    for (int unit = 0; unit < 16; unit++) {
      TestModels.layer(model, 0).weights().set(unit, 0, unit + 1);
      TestModels.layer(model, 0).weights().set(unit, 1, 1);
      TestModels.layer(model, 1).weights().set(0, unit, 1);
    }
    TestModels.gate(model, 0, 0).weights().set(0, 0, 1);
    TestModels.gate(model, 0, 0).weights().set(1, 1, 1);
    return model;
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void aDenseNetAnswersWhatIsWorkedOutByHand(Kernels kernels) {
    ModelSpec spec = ModelSpec.dense(List.of(2, 2, 1), 32, Activation.RELU, OutputForm.IDENTITY);
    try (Model model = TestModels.zeros(spec)) {
      Projection hidden = TestModels.layer(model, 0);
      hidden.weights().set(0, 0, 1f);
      hidden.weights().set(0, 1, -1f);
      hidden.weights().set(1, 0, 2f);
      hidden.weights().set(1, 1, 0.5f);
      TestModels.setBias(hidden, 0, 0.5f);
      TestModels.setBias(hidden, 1, -1f);
      Projection output = TestModels.layer(model, 1);
      output.weights().set(0, 0, 1f);
      output.weights().set(0, 1, -2f);
      TestModels.setBias(output, 0, 0.25f);
      Predictor predictor = predictor(model, kernels);

      // relu(1 − 2 + 0.5) = 0, relu(2 + 1 − 1) = 2, 0.25 + 0 − 4
      assertArrayEquals(new float[] {-3.75f}, predict(predictor, 1f, 2f));
      assertEquals(4, predictor.macs().panelMacs(0));
      assertEquals(2, predictor.macs().panelMacs(1));
      // six padding units read two inputs each, then seven
      assertEquals(12, predictor.macs().paddingMacs(0));
      assertEquals(14, predictor.macs().paddingMacs(1));
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void onlyBlocksWhoseGateIsOpenContribute(Kernels kernels) {
    try (Model model = twoBlocks(LINEAR)) {
      Predictor predictor = predictor(model, kernels);

      // units 1 … 8 times 1, less 8 · 2
      assertArrayEquals(new float[] {36f - 16f}, predict(predictor, 1f, -2f));
      assertEquals("[0]", predictor.openBlocks(0).toString());
      // units 9 … 16 times −1, plus 8 · 3
      assertArrayEquals(new float[] {-100f + 24f}, predict(predictor, -1f, 3f));
      assertEquals("[1]", predictor.openBlocks(0).toString());
      assertArrayEquals(new float[] {136f + 16f}, predict(predictor, 1f, 1f));
      assertEquals("[0, 1]", predictor.openBlocks(0).toString());
      assertArrayEquals(new float[] {0f}, predict(predictor, -1f, -1f));
      assertEquals("[]", predictor.openBlocks(0).toString());
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void weightsOfClosedBlocksAreNotRead(Kernels kernels) {
    try (Model model = twoBlocks(LINEAR)) {
      for (int unit = 8; unit < 16; unit++) {
        TestModels.layer(model, 0).weights().set(unit, 0, Float.NaN);
        TestModels.layer(model, 1).weights().set(0, unit, Float.NaN);
      }
      Predictor predictor = predictor(model, kernels);

      assertArrayEquals(new float[] {Float.NaN}, predict(predictor, 1f, 1f));
      assertArrayEquals(new float[] {36f - 16f}, predict(predictor, 1f, -2f));
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void theMinimumOpensTheLargestLogits(Kernels kernels) {
    try (Model model = twoBlocks(gate(Granularity.BLOCK, 1))) {
      Predictor predictor = predictor(model, kernels);

      predict(predictor, -2f, -1f);
      assertEquals("[1]", predictor.openBlocks(0).toString());
      predict(predictor, -1f, -1f);
      assertEquals("[0]", predictor.openBlocks(0).toString());
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void closedUnitsInsideExecutedBlocksAreNotReadOn(Kernels kernels) {
    ModelSpec spec =
        ModelSpec.of(
            1,
            List.of(
                new LayerSpec.Gated(12, 8, Activation.RELU, gate(Granularity.UNIT, 0)),
                new LayerSpec.Dense(1, 8, Activation.IDENTITY)),
            OutputForm.IDENTITY);
    try (Model model = TestModels.zeros(spec)) {
      for (int unit = 0; unit < 12; unit++) {
        TestModels.layer(model, 0).weights().set(unit, 0, unit + 1);
        TestModels.layer(model, 1).weights().set(0, unit, unit % 4 == 1 ? 1f : Float.NaN);
        // opens units 1 and 5 for x = 1, unit 9 as well for x = 2
        float bias = unit == 9 ? -1.5f : -0.5f;
        TestModels.setBias(TestModels.gate(model, 0, 0), unit, bias);
        TestModels.gate(model, 0, 0).weights().set(unit, 0, unit % 4 == 1 ? 1f : -1f);
      }
      Predictor predictor = predictor(model, kernels);

      assertArrayEquals(new float[] {2f + 6f}, predict(predictor, 1f));
      assertEquals("[0]", predictor.openBlocks(0).toString());
      assertEquals("[1, 5]", predictor.openGates(0).toString());
      // an executed block counts whole, the next layer reads the two open units
      assertEquals(8, predictor.macs().panelMacs(0));
      assertEquals(2, predictor.macs().panelMacs(1));

      assertArrayEquals(new float[] {2f * (2f + 6f + 10f)}, predict(predictor, 2f));
      assertEquals("[0, 1]", predictor.openBlocks(0).toString());
      assertEquals(12, predictor.macs().panelMacs(0));
      // four padding units in the gate's last block, four in the layer's
      assertEquals(4 + 4, predictor.macs().paddingMacs(0));
      assertEquals(3, predictor.macs().panelMacs(1));
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void closedUnitsOfAGatedLastLayerAnswerZeroAfterAnOpenRow(Kernels kernels) {
    for (Granularity granularity : Granularity.values()) {
      ModelSpec spec =
          ModelSpec.of(
              1,
              List.of(new LayerSpec.Gated(10, 8, Activation.IDENTITY, gate(granularity, 0))),
              OutputForm.IDENTITY);
      try (Model model = TestModels.zeros(spec)) {
        Projection gate = TestModels.gate(model, 0, 0);
        int gates = gate.spec().units();
        for (int unit = 0; unit < 10; unit++) {
          TestModels.setBias(TestModels.layer(model, 0), unit, 7f);
        }
        for (int index = 0; index < gates; index++) {
          gate.weights().set(index, 0, index == gates - 1 ? 1f : -1f);
          TestModels.setBias(gate, index, 0.5f);
        }
        Predictor predictor = predictor(model, kernels);
        float[] open = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
        float[] lastGateOpen =
            granularity == Granularity.BLOCK
                ? new float[] {0, 0, 0, 0, 0, 0, 0, 0, 7, 7}
                : new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 7};

        assertArrayEquals(open, predict(predictor, 0f));
        assertArrayEquals(lastGateOpen, predict(predictor, 1f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void aStaticGateIsDecidedAtOpenAndCostsNothing(Kernels kernels) {
    GateSpec gate = new GateSpec(new StaticGate(), Granularity.BLOCK, 2f, 0.7f, 0);
    ModelSpec spec =
        ModelSpec.of(
            1,
            List.of(
                new LayerSpec.Gated(24, 8, Activation.IDENTITY, gate),
                new LayerSpec.Dense(1, 8, Activation.IDENTITY)),
            OutputForm.IDENTITY);
    try (Model model = TestModels.zeros(spec)) {
      for (int unit = 0; unit < 24; unit++) {
        TestModels.layer(model, 0).weights().set(unit, 0, 1);
        TestModels.layer(model, 1).weights().set(0, unit, unit < 8 ? 1 : unit < 16 ? 10 : 100);
      }
      // open above 2·logit(0.7) = 1.6946
      TestModels.setBias(TestModels.gate(model, 0, 0), 0, 1.70f);
      TestModels.setBias(TestModels.gate(model, 0, 0), 1, 1.69f);
      TestModels.setBias(TestModels.gate(model, 0, 0), 2, 9f);
      Predictor predictor = predictor(model, kernels);

      assertArrayEquals(new float[] {8 + 800}, predict(predictor, 1f));
      assertEquals("[0, 2]", predictor.openBlocks(0).toString());
      assertEquals(0, predictor.macs().gateMacs(0));
      assertEquals(16, predictor.macs().panelMacs(0));
      assertEquals(16, predictor.macs().panelMacs(1));
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void logitsAreTheValuesBeforeSoftmaxAndSigmoid(Kernels kernels) {
    for (OutputForm form : List.of(OutputForm.SOFTMAX, OutputForm.SIGMOID)) {
      ModelSpec spec = ModelSpec.dense(List.of(1, 2), 32, Activation.RELU, form);
      try (Model model = TestModels.zeros(spec)) {
        Predictor predictor = predictor(model, kernels);
        float[] logits = new float[2];
        predictor.logits(new float[] {5f}, logits);
        assertArrayEquals(new float[2], logits);
        // two equal logits; logit 0
        assertArrayEquals(new float[] {0.5f, 0.5f}, predict(predictor, 5f));

        TestModels.setBias(TestModels.layer(model, 0), 0, 2f);
        predictor.logits(new float[] {5f}, logits);
        assertArrayEquals(new float[] {2f, 0f}, logits);
        float first = (float) (1 / (1 + Math.exp(-2)));
        float second = form == OutputForm.SOFTMAX ? 1 - first : 0.5f;
        assertArrayEquals(new float[] {first, second}, predict(predictor, 5f), 1e-6f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void segmentsOfAnyKindAndAlignmentAnswerAsArrays(Kernels kernels) {
    try (Model model = twoBlocks(LINEAR);
        Arena arena = Arena.ofConfined()) {
      Predictor predictor = predictor(model, kernels);
      byte[] bytes = new byte[1 + 2 * Float.BYTES];
      MemorySegment in = MemorySegment.ofArray(bytes).asSlice(1);
      in.set(AlignedMemory.FLOAT, 0, 1f);
      in.set(AlignedMemory.FLOAT, Float.BYTES, -2f);
      MemorySegment out = arena.allocate(Float.BYTES + 1, 1).asSlice(1);
      predictor.predict(in, out);
      assertEquals(20f, out.get(AlignedMemory.FLOAT, 0));
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void countsAreZeroBeforeTheFirstAnswerAndTheSameObjectLater(Kernels kernels) {
    try (Model model = twoBlocks(LINEAR)) {
      Predictor predictor = predictor(model, kernels);
      assertEquals(0, predictor.macs().executedMacs());
      predict(predictor, 1f, 1f);
      assertEquals(16 * 2 + 2 * 2 + 16, predictor.macs().executedMacs());
      assertSame(predictor.macs(), predictor.macs());
    }
  }

  /// Its counts are the same for all rows, and taken once.
  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void countsOfADenseNetworkGoWithItsAnswers(Kernels kernels) {
    ModelSpec spec = ModelSpec.dense(List.of(3, 5, 2), 8, Activation.IDENTITY, OutputForm.IDENTITY);
    try (Model model = TestModels.random(spec, new SplittableRandom(1))) {
      Predictor predictor = Predictor.of(model, FeatureCheck.FINITE, kernels);
      predict(predictor, 1f, 2f, 3f);
      assertEquals(3 * 5 + 5 * 2, predictor.macs().executedMacs());
      assertThrows(IllegalArgumentException.class, () -> predict(predictor, 1f, Float.NaN, 3f));
      assertEquals(0, predictor.macs().executedMacs());
      predict(predictor, 1f, 2f, 3f);
      assertEquals(3 * 5 + 5 * 2, predictor.macs().executedMacs());
      predictor.budget(Budget.none());
      assertEquals(0, predictor.macs().executedMacs());
      predict(predictor, 4f, 5f, 6f);
      assertEquals(3 * 5 + 5 * 2, predictor.macs().executedMacs());
    }
  }
}
