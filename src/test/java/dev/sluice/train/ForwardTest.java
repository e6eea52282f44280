package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The forward pass of training is the one that is executed, bit for bit, and its masks are 0 or 1.
class ForwardTest {
  private static final int ROWS = 70;

  private static final Dataset DATA = TestData.clouds(ROWS, 13, 3, 5);

  private static ModelSpec gated(String form, Granularity granularity) {
    return gated(form, granularity, 16);
  }

  private static ModelSpec gated(String form, Granularity granularity, int blockSize) {
    GateSpec gate = GateSpec.of(GateForms.parse(form), granularity);
    return ModelSpec.gated(
        List.of(13, 70, 40, 3), blockSize, Activation.GELU, OutputForm.SOFTMAX, gate);
  }

  private static TrainingOptions options(boolean closedBlockGradient) {
    GateOptions gates =
        GateOptions.builder().closedBlockGradient(closedBlockGradient).initialOpening(0.5).build();
    return TrainingOptions.builder().batchSize(ROWS).gates(gates).build();
  }

  @ParameterizedTest
  @CsvSource({
    "linear, BLOCK, top-k:k=2, 1",
    "linear, UNIT, top-k:k=9, 1",
    "low-rank:3, BLOCK, top-k:k=2, 2",
    "linear, BLOCK, threshold, 3"
  })
  void otherRulesAndGroupedBlocksComputeTheSame(
      String form, Granularity granularity, String rule, int blocksPerGate) {
    GateSpec gate =
        new GateSpec(
            GateForms.parse(form), granularity, blocksPerGate, GateRules.parse(rule), false);
    requireSame(
        ModelSpec.gated(List.of(13, 70, 40, 3), 8, Activation.GELU, OutputForm.SOFTMAX, gate),
        true);
  }

  @ParameterizedTest
  @CsvSource({
    "linear, BLOCK, true, 16", "linear, BLOCK, false, 32", "low-rank:3, BLOCK, true, 64",
    "two-layer:5, UNIT, true, 64", "linear, UNIT, false, 64", "linear, UNIT, true, 8",
    "static, BLOCK, false, 16"
  })
  void trainingComputesWhatThePredictorExecutesAndCountsItsMacs(
      String form, Granularity granularity, boolean closedBlockGradient, int blockSize) {
    requireSame(gated(form, granularity, blockSize), closedBlockGradient);
  }

  private static void requireSame(ModelSpec spec, boolean closedBlockGradient) {
    try (StepFixture step = new StepFixture(spec, options(closedBlockGradient), DATA)) {
      step.forward(true, 0);
      Arena owned = Arena.ofShared();
      Weights copy = Weights.allocate(owned, spec);
      copy.copyFrom(step.state.weights);
      try (Model model = new Model(spec, copy, Map.of(), owned);
          Predictor predictor = Predictor.of(model)) {
        float[] in = new float[13];
        float[] logits = new float[3];
        for (int row = 0; row < ROWS; row++) {
          for (int feature = 0; feature < in.length; feature++) {
            in[feature] = step.state.network.input().get(row, feature);
          }
          predictor.logits(in, logits);
          for (int k = 0; k < logits.length; k++) {
            assertThat(step.state.network.output().get(row, k)).isEqualTo(logits[k]);
          }
          assertThat(step.state.network.costs().macs(row))
              .as("MACs of row %d", row)
              .isEqualTo(predictor.macs().structuralMacs());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"BLOCK, true", "BLOCK, false", "UNIT, true", "UNIT, false"})
  void closedUnitsAreExactlyZeroAndOpenOnesUntouched(
      Granularity granularity, boolean closedBlockGradient) {
    ModelSpec spec = gated("linear", granularity);
    try (StepFixture step = new StepFixture(spec, options(closedBlockGradient), DATA)) {
      step.forward(true, 0);
      DoubleNetwork reference = new DoubleNetwork(spec, step.state.weights);
      int closed = 0;
      for (int row = 0; row < ROWS; row++) {
        reference.forward(step.input(row), step.masks(row), null);
        closed += checkRow(step, reference, row);
      }
      assertThat(closed).isBetween(ROWS, ROWS * 109);
    }
  }

  private static int checkRow(StepFixture step, DoubleNetwork reference, int row) {
    int closed = 0;
    for (int layer = 0; layer < 2; layer++) {
      LayerSpec.Gated gated = step.gated(layer);
      Matrix y = step.state.network.layers().get(layer).y();
      for (int unit = 0; unit < gated.units(); unit++) {
        if (step.masks(row)[layer][DoubleNetwork.gateOf(gated, unit)] == 0) {
          assertThat(y.get(row, unit)).isZero();
          closed++;
        } else {
          assertThat((double) y.get(row, unit))
              .isCloseTo(reference.hidden[layer][unit], org.assertj.core.data.Offset.offset(1e-5));
        }
      }
    }
    return closed;
  }

  /// The published scripts' fault: their mask's gradient with respect to the task is 0.
  @Test
  void theTaskAloneMovesTheGates() {
    ModelSpec spec = gated("linear", Granularity.BLOCK);
    try (StepFixture step = new StepFixture(spec, options(true), DATA)) {
      step.forward(true, 0);
      step.loss();
      step.backward(0, 0);
      assertThat(step.state.network.squaredNorm(true)).isGreaterThan(1e-8);
    }
  }

  @Test
  void sampledGatesOpenAsOftenAsTheirProbabilitySays() {
    ModelSpec spec = gated("static", Granularity.UNIT);
    GateOptions gates =
        GateOptions.builder().initialOpening(0.8).decision(TrainingDecision.BERNOULLI).build();
    TrainingOptions options = TrainingOptions.builder().batchSize(ROWS).gates(gates).build();
    try (StepFixture step = new StepFixture(spec, options, DATA)) {
      double expected = 0;
      double open = 0;
      for (int steps = 0; steps < 20; steps++) {
        step.forward(true, steps);
        for (int row = 0; row < ROWS; row++) {
          for (int unit = 0; unit < 70; unit++) {
            open += step.masks(row)[0][unit];
            GatePass gate = step.state.network.layers().getFirst().gate();
            expected += gate.learning().soft().get(row, unit);
          }
        }
      }
      assertThat(open / expected).isCloseTo(1, org.assertj.core.data.Offset.offset(0.01));
      step.forward(false, 0);
      assertThat(step.masks(0)[0])
          .as("evaluation decides by threshold")
          .isEqualTo(step.masks(1)[0]);
    }
  }

  /// Zero times NaN is NaN: closing by a product would let it out.
  @Test
  void aNanInAClosedUnitStaysThere() {
    ModelSpec spec = gated("static", Granularity.UNIT, 8);
    try (StepFixture step = new StepFixture(spec, options(true), DATA)) {
      var layer = step.state.weights.layers().getFirst();
      int closed = 0;
      for (int unit = 0; unit < 70; unit++) {
        long offsetBytes = (long) unit * Float.BYTES;
        if (layer.gate().getLast().bias().get(AlignedMemory.FLOAT, offsetBytes) <= 0) {
          layer.projection().bias().set(AlignedMemory.FLOAT, offsetBytes, Float.NaN);
          closed++;
        }
      }
      assertThat(closed).isBetween(10, 60);
      step.forward(false, 0);
      for (int row = 0; row < ROWS; row++) {
        assertThat(step.state.network.output().get(row, 0)).isFinite();
      }
    }
  }
}
