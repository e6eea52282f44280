package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// What one step does to the weights, from the gradients it left.
class UpdateTest {
  private static final double RATE = 0.25;
  private static final Dataset DATA = TestData.clouds(16, 6, 3, 1);

  private static ModelSpec spec() {
    GateSpec gate = GateSpec.of(GateForms.parse("two-layer:4"), Granularity.BLOCK);
    return ModelSpec.gated(List.of(6, 20, 3), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
  }

  private static TrainingOptions.Builder sgd(double weightDecay) {
    return TrainingOptions.builder()
        .batchSize(16)
        .optimizer(new OptimizerOptions.Sgd(0, false, weightDecay))
        .learningRate(LearningRate.constant(RATE));
  }

  /// A tensor before and after a step, with its gradient.
  private record Change(String name, float[] before, float[] gradient, float[] after) {
    boolean isGate() {
      return name.contains(".gate.");
    }

    double squares() {
      double sum = 0;
      for (float slope : gradient) {
        sum += (double) slope * slope;
      }
      return sum;
    }

    /// The step must have been `w − rate·(scale·gradient + decay·w)`.
    void check(double rate, double scale, double decay) {
      for (int index = 0; index < before.length; index++) {
        double expected = before[index] - rate * (scale * gradient[index] + decay * before[index]);
        assertThat((double) after[index])
            .as("%s at %d", name, index)
            .isCloseTo(expected, Offset.offset(1e-6));
      }
    }
  }

  private static List<Change> step(TrainingOptions options) {
    try (StepFixture fixture = new StepFixture(spec(), options, DATA);
        WorkTeam team = new WorkTeam()) {
      List<NamedTensor> weights = fixture.state.weights.tensors();
      List<float[]> before = weights.stream().map(UpdateTest::values).toList();
      TrainStep step =
          new TrainStep(
              fixture.state,
              options,
              team,
              DATA,
              100,
              new BudgetController(OptionalDouble.empty(), GateOptions.defaults(), 100));
      int[] order = new int[16];
      for (int row = 0; row < order.length; row++) {
        order[row] = row;
      }
      TrainStep.Outcome outcome = step.run(0, order, 0);
      assertThat(outcome.finite()).isTrue();
      List<Change> changes = new ArrayList<>();
      List<NamedTensor> gradients = fixture.state.gradients.tensors();
      for (int index = 0; index < weights.size(); index++) {
        changes.add(
            new Change(
                weights.get(index).name(),
                before.get(index),
                values(gradients.get(index)),
                values(weights.get(index))));
      }
      double squares = changes.stream().mapToDouble(Change::squares).sum();
      assertThat(outcome.gradientNorm())
          .isCloseTo(Math.sqrt(squares), Offset.offset(1e-6 * Math.sqrt(squares)));
      return changes;
    }
  }

  private static float[] values(NamedTensor tensor) {
    return tensor.segment().toArray(ValueLayout.JAVA_FLOAT);
  }

  private static double norm(List<Change> changes, boolean ofGates) {
    return Math.sqrt(
        changes.stream()
            .filter(change -> change.isGate() == ofGates)
            .mapToDouble(Change::squares)
            .sum());
  }

  @Test
  void sgdFollowsTheGradientAndDecaysWeightsButNotBiases() {
    for (Change change : step(sgd(0.1).build())) {
      change.check(RATE, 1, change.name().endsWith(".weight") ? 0.1 : 0);
    }
  }

  @Test
  void theWholeGradientIsClippedTogether() {
    List<Change> changes = step(sgd(0).clipNorm(0.05).build());
    double norm = Math.hypot(norm(changes, true), norm(changes, false));
    assertThat(norm).isGreaterThan(0.05);
    changes.forEach(change -> change.check(RATE, 0.05 / norm, 0));
  }

  @Test
  void aGradientWithinTheLimitIsNotClipped() {
    step(sgd(0).clipNorm(1e6).build()).forEach(change -> change.check(RATE, 1, 0));
  }

  @Test
  void gatesWithALimitOfTheirOwnAreClippedApart() {
    GateOptions gates = GateOptions.builder().clipNorm(1e-3).build();
    List<Change> changes = step(sgd(0).clipNorm(0.05).gates(gates).build());
    for (Change change : changes) {
      double limit = change.isGate() ? 1e-3 : 0.05;
      change.check(RATE, limit / norm(changes, change.isGate()), 0);
    }
  }

  @Test
  void gatesHaveARateOfTheirOwn() {
    GateOptions gates = GateOptions.builder().learningRateScale(0.1).build();
    for (Change change : step(sgd(0).gates(gates).build())) {
      change.check(change.isGate() ? 0.1 * RATE : RATE, 1, 0);
    }
  }

  /// Both moments' corrections cancel in the first step: it has the length of the rate, whatever the gradient's.
  @Test
  void adamWsFirstStepIsTheRateTimesTheSign() {
    TrainingOptions options =
        TrainingOptions.builder()
            .batchSize(16)
            .optimizer(OptimizerOptions.AdamW.withDecay(0.5))
            .learningRate(LearningRate.constant(1e-2))
            .build();
    for (Change change : step(options)) {
      double decay = change.name().endsWith(".weight") ? 0.5 : 0;
      for (int index = 0; index < change.before().length; index++) {
        if (Math.abs(change.gradient()[index]) > 1e-4) {
          double expected =
              change.before()[index] * (1 - 1e-2 * decay)
                  - 1e-2 * Math.signum(change.gradient()[index]);
          assertThat((double) change.after()[index]).isCloseTo(expected, Offset.offset(1e-5));
        }
      }
    }
  }
}
