package dev.sluice.train;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitializerTest {
  private static double deviation(Projection projection) {
    double squares = 0;
    int units = projection.spec().units();
    int inputs = projection.spec().inputs();
    for (int unit = 0; unit < units; unit++) {
      for (int input = 0; input < inputs; input++) {
        squares += Math.pow(projection.weights().get(unit, input), 2);
      }
    }
    return Math.sqrt(squares / units / inputs);
  }

  private static Weights initialized(Arena arena, ModelSpec spec, TrainingOptions options) {
    Weights weights = Weights.allocate(arena, spec);
    Initializer.initialize(spec, options, weights);
    return weights;
  }

  @ParameterizedTest
  @CsvSource({"RELU, 0.1", "GELU, 0.1", "TANH, 0.0816497"})
  void layersStartWithTheDeviationOfTheirActivation(Activation activation, double expected) {
    ModelSpec spec = ModelSpec.dense(List.of(200, 100, 4), 32, activation, OutputForm.SOFTMAX);
    try (Arena arena = Arena.ofConfined()) {
      Weights weights = initialized(arena, spec, TrainingOptions.defaults());
      double actual = deviation(weights.layers().getFirst().projection());
      assertThat(actual).isCloseTo(expected, Offset.offset(0.02 * expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"static", "linear", "low-rank:8", "two-layer:16"})
  void gatesStartAtTheWantedProbability(String form) {
    GateSpec gate = GateSpec.of(GateForms.parse(form), Granularity.BLOCK);
    ModelSpec spec =
        ModelSpec.gated(List.of(200, 96, 4), 32, Activation.RELU, OutputForm.SOFTMAX, gate);
    GateOptions gates =
        GateOptions.builder().temperature(Schedule.linear(2, 1, 1)).initialOpening(0.8).build();
    try (Arena arena = Arena.ofConfined()) {
      Weights weights = initialized(arena, spec, TrainingOptions.builder().gates(gates).build());
      Projection last = weights.layers().getFirst().gate().getLast();
      for (int unit = 0; unit < 3; unit++) {
        double logit = last.bias().get(FLOAT, 4L * unit);
        assertThat(1 / (1 + Math.exp(-logit / 2))).isCloseTo(0.8, Offset.offset(1e-6));
      }
      assertThat(last.bias().get(FLOAT, 12)).as("padding stays zero").isEqualTo(0f);
    }
  }

  @Test
  void seedsAndLayersStartDifferently() {
    ModelSpec spec =
        ModelSpec.dense(List.of(40, 40, 40), 32, Activation.IDENTITY, OutputForm.IDENTITY);
    try (Arena arena = Arena.ofConfined()) {
      Weights one = initialized(arena, spec, TrainingOptions.builder().seed(1).build());
      Weights two = initialized(arena, spec, TrainingOptions.builder().seed(2).build());
      var first = one.layers().get(0).projection().weights().segment();
      assertThat(first.mismatch(two.layers().get(0).projection().weights().segment()))
          .isLessThan(4);
      assertThat(first.mismatch(one.layers().get(1).projection().weights().segment()))
          .isLessThan(4);
    }
  }
}
