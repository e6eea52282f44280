package dev.sluice.format;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Networks with random parameters, padding zero as the contract wants it.
final class ModelFixtures {
  private static final List<String> GATES =
      List.of("static", "linear", "low-rank:3", "low-rank:17", "two-layer:5", "two-layer:40");
  private static final int[] BLOCK_SIZES = {8, 16, 32, 64};

  private ModelFixtures() {}

  /// Two to four layers of odd sizes, dense and gated, in every form a blueprint has.
  static ModelSpec randomSpec(Random random) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int count = 2 + random.nextInt(3); count > 0; count--) {
      layers.add(randomLayer(random));
    }
    return ModelSpec.of(1 + random.nextInt(40), layers, pick(random, OutputForm.values()));
  }

  private static LayerSpec randomLayer(Random random) {
    int units = 1 + random.nextInt(90);
    int blockSize = BLOCK_SIZES[random.nextInt(BLOCK_SIZES.length)];
    Activation activation = pick(random, Activation.values());
    if (random.nextInt(3) == 0) {
      return new LayerSpec.Dense(units, blockSize, activation);
    }
    GateSpec gate =
        new GateSpec(
            GateForms.parse(GATES.get(random.nextInt(GATES.size()))),
            pick(random, Granularity.values()),
            0.1f + random.nextFloat(),
            0.01f + 0.98f * random.nextFloat(),
            random.nextInt(2));
    return new LayerSpec.Gated(units, blockSize, activation, gate);
  }

  static Weights randomWeights(Arena arena, ModelSpec spec, Random random) {
    Weights weights = Weights.allocate(arena, spec);
    for (LayerWeights layer : weights.layers()) {
      fill(layer.projection(), random);
      for (List<Projection> chain : layer.chains().values()) {
        chain.forEach(projection -> fill(projection, random));
      }
    }
    return weights;
  }

  private static void fill(Projection projection, Random random) {
    PanelLayout layout = projection.weights().layout();
    for (int unit = 0; unit < layout.units(); unit++) {
      for (int input = 0; input < layout.inputs(); input++) {
        projection.weights().set(unit, input, (float) random.nextGaussian());
      }
      if (projection.spec().hasBias()) {
        float bias = (float) random.nextGaussian();
        projection.bias().set(AlignedMemory.FLOAT, (long) unit * Float.BYTES, bias);
      }
    }
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
