package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients of whole steps against finite differences of [DoubleNetwork].
///
/// What the trainer descends is, by the straight-through estimator, the surrogate `L(θ; masks fixed) + Σ c_ij·p_ij(θ) + R(p(θ))`, with
/// `c_ij` the derivative of loss and budget by the mask as if it were continuous, taken where the decisions are. All of it is done
/// here by differences: none of the trainer's formulas is used.
class GradientTest {
  private static final int ROWS = 7;

  private static Dataset data() {
    return TestData.clouds(ROWS, 5, 3, 11);
  }

  private static TrainingOptions.Builder options() {
    return TrainingOptions.builder().batchSize(ROWS).seed(3);
  }

  private static ModelSpec gated(String form, Granularity granularity, Activation activation) {
    GateSpec gate = new GateSpec(GateForms.parse(form), granularity, 0.7f, 0.55f, 1);
    return ModelSpec.gated(List.of(5, 20, 18, 3), 8, activation, OutputForm.SOFTMAX, gate);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void denseGradientsAreTheLosssDerivatives(Activation activation) {
    ModelSpec spec = ModelSpec.dense(List.of(5, 20, 70, 3), 64, activation, OutputForm.SOFTMAX);
    assertGradientsAreDifferences(spec, options().build(), 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "static, BLOCK", "linear, BLOCK", "low-rank:3, BLOCK", "two-layer:5, BLOCK",
    "static, UNIT", "linear, UNIT", "low-rank:3, UNIT", "two-layer:5, UNIT"
  })
  void gatedGradientsAreTheSurrogatesDerivatives(String form, Granularity granularity) {
    assertGradientsAreDifferences(
        gated(form, granularity, Activation.GELU), gateOptions(true), 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"linear, BLOCK", "two-layer:5, BLOCK", "linear, UNIT"})
  void withoutClosedBlocksClosedGatesGetNoTaskGradient(String form, Granularity granularity) {
    assertGradientsAreDifferences(
        gated(form, granularity, Activation.RELU), gateOptions(false), 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "linear, BLOCK, top-k:k=2;temperature=0.7, 1, true, true",
    "linear, UNIT, top-k:k=7;temperature=0.7, 1, false, true",
    "low-rank:3, BLOCK, threshold:temperature=0.7;threshold=0.55, 1, true, true",
    "linear, UNIT, threshold:temperature=0.7;threshold=0.55, 1, true, false",
    "linear, BLOCK, threshold:temperature=0.7;threshold=0.55, 2, true, false"
  })
  void scaledOutputsAndGroupedBlocksHaveTheSurrogatesDerivatives(
      String form,
      Granularity granularity,
      String rule,
      int blocksPerGate,
      boolean scales,
      boolean closedBlockGradient) {
    ModelSpec spec = routed(form, granularity, rule, blocksPerGate, scales, 0);
    assertGradientsAreDifferences(spec, gateOptions(closedBlockGradient), 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "linear, UNIT, top-k:k=7;temperature=0.7, true, true",
    "linear, UNIT, top-k:k=7;temperature=0.7, true, false",
    "light, UNIT, top-k:k=7;temperature=0.7, true, true",
    "light, BLOCK, threshold:temperature=0.7;threshold=0.55, false, true",
    "low-rank:3, BLOCK, threshold:temperature=0.7;threshold=0.55, false, false"
  })
  void lightPathsHaveTheSurrogatesDerivatives(
      String form,
      Granularity granularity,
      String rule,
      boolean scales,
      boolean closedBlockGradient) {
    ModelSpec spec = routed(form, granularity, rule, 1, scales, 3);
    assertGradientsAreDifferences(spec, gateOptions(closedBlockGradient), 0, 0);
    double macWeight = granularity == Granularity.BLOCK ? 2.5 : 0;
    TrainingOptions dropping = gateOptions(closedBlockGradient).toBuilder().dropout(0.3).build();
    assertGradientsAreDifferences(spec, dropping, 0, macWeight);
  }

  private static ModelSpec routed(
      String form,
      Granularity granularity,
      String rule,
      int blocksPerGate,
      boolean scales,
      int lightRank) {
    GateSpec gate =
        new GateSpec(
            GateForms.parse(form),
            granularity,
            blocksPerGate,
            GateRules.parse(rule.replace(';', ',')),
            scales);
    return ModelSpec.of(
        5,
        List.of(
            new LayerSpec.Gated(20, 8, Activation.GELU, gate, lightRank),
            new LayerSpec.Gated(26, 8, Activation.TANH, gate, lightRank),
            new LayerSpec.Dense(3, 8, Activation.IDENTITY)),
        OutputForm.SOFTMAX);
  }

  private static TrainingOptions gateOptions(boolean closedBlockGradient) {
    GateOptions gates =
        GateOptions.builder()
            .temperature(Schedule.constant(0.7f))
            .threshold(Schedule.constant(0.55f))
            .initialOpening(0.56)
            .closedBlockGradient(closedBlockGradient)
            .build();
    return options().gates(gates).build();
  }

  @Test
  void theBudgetsGradientIsTheCostsDerivative() {
    assertGradientsAreDifferences(
        gated("linear", Granularity.BLOCK, Activation.RELU), gateOptions(true), 0, 2.5);
    assertGradientsAreDifferences(
        gated("two-layer:5", Granularity.BLOCK, Activation.RELU), gateOptions(false), 0, 2.5);
  }

  static Stream<GateOptions.Builder> penalties() {
    GateOptions.Builder[] builders = new GateOptions.Builder[UsagePenalty.Kind.values().length + 2];
    for (int index = 0; index < builders.length; index++) {
      builders[index] = gateOptions(true).gates().toBuilder();
    }
    int index = 0;
    for (UsagePenalty.Kind kind : UsagePenalty.Kind.values()) {
      double target = kind == UsagePenalty.Kind.KEEP_FLOOR ? 0.9 : 0.3;
      builders[index++].penalties(List.of(new UsagePenalty(kind, 1.7, target)));
    }
    builders[index++].blockFloor(0.6, 3);
    builders[index].varianceWeight(2);
    return Stream.of(builders);
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void everyPenaltysGradientIsItsDerivative(GateOptions.Builder gates) {
    TrainingOptions options = options().gates(gates.build()).build();
    assertGradientsAreDifferences(
        gated("linear", Granularity.BLOCK, Activation.TANH), options, 0.8, 0);
  }

  @Test
  void gradientsPassThroughDropoutAndSmoothing() {
    TrainingOptions options =
        gateOptions(true).toBuilder().dropout(0.4).labelSmoothing(0.1).build();
    assertGradientsAreDifferences(
        gated("linear", Granularity.BLOCK, Activation.TANH), options, 0, 0);
  }

  @Test
  void allKernelsGiveTheSameGradients() {
    ModelSpec spec = gated("two-layer:5", Granularity.UNIT, Activation.GELU);
    List<float[]> expected = null;
    for (var kernels : KernelProvider.all()) {
      try (StepFixture step = new StepFixture(spec, gateOptions(true), data(), kernels)) {
        step.forward(true, 0);
        step.loss();
        step.backward(1, 0.5);
        List<float[]> gradients =
            step.state.gradients.tensors().stream()
                .map(tensor -> tensor.segment().toArray(ValueLayout.JAVA_FLOAT))
                .toList();
        expected = expected == null ? gradients : expected;
        for (int tensor = 0; tensor < gradients.size(); tensor++) {
          assertThat(gradients.get(tensor)).as(kernels.name()).isEqualTo(expected.get(tensor));
        }
      }
    }
  }

  static void assertGradientsAreDifferences(
      ModelSpec spec, TrainingOptions options, double ramp, double macWeight) {
    try (StepFixture step = new StepFixture(spec, options, data())) {
      step.forward(true, 0);
      double loss = step.loss();
      step.backward(ramp, macWeight);
      Surrogate surrogate = new Surrogate(step, ramp, macWeight);
      assertThat(surrogate.task()).isCloseTo(loss, org.assertj.core.data.Offset.offset(1e-5));
      surrogate.takeMaskDerivatives();
      assertThat(surrogate.openGates()).as("gates are neither all open nor all closed").isTrue();
      compare(step, surrogate);
    }
  }

  private static void compare(StepFixture step, Surrogate surrogate) {
    List<DoubleNetwork.Product> products = surrogate.network.products();
    List<Projection> gradients = new ArrayList<>();
    for (var layer : step.state.gradients.layers()) {
      gradients.add(layer.projection());
      gradients.addAll(layer.gate());
      gradients.addAll(layer.chain(Chain.LIGHT));
      gradients.addAll(layer.chain(Chain.HALT));
    }
    double largest = 0;
    for (int index = 0; index < products.size(); index++) {
      DoubleNetwork.Product product = products.get(index);
      Projection gradient = gradients.get(index);
      for (int unit = 0; unit < product.b.length; unit++) {
        if (product.hasBias) {
          double expected = surrogate.derivative(product.b, unit);
          double actual = gradient.bias().getAtIndex(ValueLayout.JAVA_FLOAT, unit);
          largest = Math.max(largest, Math.abs(expected));
          assertThat(actual)
              .as("product %d, bias %d", index, unit)
              .isCloseTo(
                  expected, org.assertj.core.data.Offset.offset(2e-6 + 2e-5 * Math.abs(expected)));
        }
        for (int input = 0; input < product.w[unit].length; input++) {
          double expected = surrogate.derivative(product.w[unit], input);
          double actual = gradient.weights().get(unit, input);
          assertThat(actual)
              .as("product %d, unit %d, input %d", index, unit, input)
              .isCloseTo(
                  expected, org.assertj.core.data.Offset.offset(2e-6 + 2e-5 * Math.abs(expected)));
        }
      }
    }
    assertThat(largest).as("gradients are not all tiny").isGreaterThan(1e-3);
  }
}
