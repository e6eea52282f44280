package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole steps by rules that are not straight-through, against finite differences of what they descend, decisions held fixed.
class RoutedStepTest {
  private static final int ROWS = 7;
  private static final double DIFFERENCE = 1e-5;
  private static final Dataset DATA = TestData.clouds(ROWS, 5, 3, 11);

  private static StepFixture step(String form, String rule, boolean scales) {
    GateSpec gate =
        new GateSpec(GateForms.parse(form), Granularity.BLOCK, 1, GateRules.parse(rule), scales);
    ModelSpec spec =
        ModelSpec.gated(List.of(5, 30, 3), 8, Activation.GELU, OutputForm.SOFTMAX, gate);
    GateOptions gates = GateOptions.builder().initialOpening(0.5).build();
    StepFixture step =
        new StepFixture(
            spec, TrainingOptions.builder().batchSize(ROWS).seed(3).gates(gates).build(), DATA);
    step.forward(true, 0);
    step.loss();
    step.backward(0, 0);
    return step;
  }

  private static void compare(StepFixture step, DoubleNetwork network, DoubleSupplier objective) {
    List<Projection> gradients = new ArrayList<>();
    step.state
        .gradients
        .layers()
        .forEach(layer -> addAll(layer.projection(), layer.gate(), gradients));
    double largestOfGates = 0;
    for (int index = 0; index < gradients.size(); index++) {
      DoubleNetwork.Product product = network.products().get(index);
      Projection gradient = gradients.get(index);
      for (int unit = 0; unit < product.b.length; unit++) {
        for (int input = -1; input < product.w[unit].length; input++) {
          double[] values = input < 0 ? product.b : product.w[unit];
          if (input < 0 && !product.hasBias) {
            continue;
          }
          double expected = derivative(values, input < 0 ? unit : input, objective);
          double actual =
              input < 0
                  ? gradient.bias().getAtIndex(ValueLayout.JAVA_FLOAT, unit)
                  : gradient.weights().get(unit, input);
          assertThat(actual)
              .as("product %d, unit %d, input %d", index, unit, input)
              .isCloseTo(expected, Offset.offset(3e-6 + 2e-5 * Math.abs(expected)));
          largestOfGates =
              index == 1 ? Math.max(largestOfGates, Math.abs(expected)) : largestOfGates;
        }
      }
    }
    assertThat(largestOfGates).as("gates are moved").isGreaterThan(1e-3);
  }

  private static void addAll(Projection own, List<Projection> gate, List<Projection> all) {
    all.add(own);
    all.addAll(gate);
  }

  private static double derivative(double[] values, int index, DoubleSupplier objective) {
    double value = values[index];
    values[index] = value + DIFFERENCE;
    double up = objective.getAsDouble();
    values[index] = value - DIFFERENCE;
    double slope = (up - objective.getAsDouble()) / (2 * DIFFERENCE);
    values[index] = value;
    return slope;
  }

  private static double loss(StepFixture step, DoubleNetwork network, int row) {
    double[] z = network.forward(step.input(row), step.masks(row), null);
    return DoubleNetwork.crossEntropy(z, DATA.label(row));
  }

  /// With room for all rows, and with room for one row in each of four gates: the others learn from balance and z-loss alone.
  @ParameterizedTest
  @ValueSource(strings = {"4", "0.5"})
  void switchDescendsTheTaskThroughItsWeightBalanceAndZLoss(String capacity) {
    String rule = "switch:balance=0.3,z=0.2,capacity=" + capacity;
    try (StepFixture step = step("linear", rule, true)) {
      DoubleNetwork network = new DoubleNetwork(step.spec, step.state.weights);
      int open = 0;
      for (int row = 0; row < ROWS; row++) {
        open += (int) Arrays.stream(step.masks(row)[0]).sum();
      }
      assertThat(open + step.state.network.takenBack()).isEqualTo(ROWS);
      assertThat(step.state.network.takenBack() == 0).isEqualTo(capacity.equals("4"));
      compare(step, network, () -> switchObjective(step, network));
    }
  }

  private static double switchObjective(StepFixture step, DoubleNetwork network) {
    double sum = 0;
    double[] shares = new double[4];
    double[] means = new double[4];
    for (int row = 0; row < ROWS; row++) {
      sum += loss(step, network, row) / ROWS;
      double[] z = network.logits[0];
      double total = Arrays.stream(z).map(Math::exp).sum();
      sum += 0.2f * Math.pow(Math.log(total), 2) / ROWS;
      int largest = 0;
      for (int gate = 0; gate < 4; gate++) {
        means[gate] += Math.exp(z[gate]) / total / ROWS;
        largest = z[gate] > z[largest] ? gate : largest;
      }
      shares[largest] += 1.0 / ROWS;
    }
    for (int gate = 0; gate < 4; gate++) {
      sum += 0.3f * 4 * shares[gate] * means[gate];
    }
    return sum;
  }

  /// Layers descend the task with the drawn masks; gates `Σ_i (C_i − mean of others)/n · log π(u_i)`, `C` held fixed.
  @ParameterizedTest
  @ValueSource(strings = {"linear", "two-layer:4"})
  void aPolicyDescendsItsScoreTimesTheRowsLossesAlone(String form) {
    try (StepFixture step = step(form, "bernoulli:clamp=0", false)) {
      DoubleNetwork network = new DoubleNetwork(step.spec, step.state.weights);
      double[] losses = new double[ROWS];
      for (int row = 0; row < ROWS; row++) {
        losses[row] = loss(step, network, row);
      }
      double all = Arrays.stream(losses).sum();
      double[] advantages =
          Arrays.stream(losses).map(loss -> loss - (all - loss) / (ROWS - 1)).toArray();
      compare(step, network, () -> policyObjective(step, network, advantages));
    }
  }

  private static double policyObjective(
      StepFixture step, DoubleNetwork network, double[] advantages) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += loss(step, network, row) / ROWS;
      double[] mask = step.masks(row)[0];
      for (int gate = 0; gate < mask.length; gate++) {
        double z = network.logits[0][gate];
        sum += advantages[row] / ROWS * -Math.log1p(Math.exp(mask[gate] == 1 ? -z : z));
      }
    }
    return sum;
  }

  @Test
  void whatAnOpenGateAdmitsIsMultipliedByItsWeightAndWhatIsClosedIsZero() {
    for (String rule : List.of("switch", "top-k:k=2", "bernoulli", "noisy-top-k:k=2")) {
      try (StepFixture step = step("linear", rule, true)) {
        GatePass gate = step.state.network.layers().getFirst().gate();
        DoubleNetwork network = new DoubleNetwork(step.spec, step.state.weights);
        for (int row = 0; row < ROWS; row++) {
          double[] values = network.layers.getFirst().apply(step.input(row));
          for (int unit = 0; unit < 30; unit++) {
            double y = step.state.network.layers().getFirst().y().get(row, unit);
            boolean open = gate.decisions().isOpen(row, unit / 8);
            double expected = open ? gate.decisions().weight(row, unit / 8) * values[unit] : 0;
            assertThat(y).as(rule).isCloseTo(expected, Offset.offset(open ? 1e-5 : 0));
          }
        }
      }
    }
  }
}
