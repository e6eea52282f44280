package dev.sluice.runtime;

import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.LowRankGate;
import dev.sluice.gate.StaticGate;
import dev.sluice.gate.TwoLayerGate;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Models for tests: zero weights to be set by hand, or everything drawn from a seed.
final class TestModels {
  private static final int[] BLOCK_SIZES = {8, 16, 32, 64};

  private TestModels() {}

  static Model zeros(ModelSpec spec) {
    Arena arena = Arena.ofShared();
    return new Model(spec, Weights.allocate(arena, spec), Map.of(), arena);
  }

  static Projection layer(Model model, int layer) {
    return model.weights().layers().get(layer).projection();
  }

  static Projection gate(Model model, int layer, int index) {
    return model.weights().layers().get(layer).gate().get(index);
  }

  static void setBias(Projection projection, int unit, float value) {
    projection.bias().set(AlignedMemory.FLOAT, (long) unit * Float.BYTES, value);
  }

  static Model random(ModelSpec spec, SplittableRandom random) {
    Model model = zeros(spec);
    for (LayerWeights weights : model.weights().layers()) {
      fill(weights.projection(), random);
      weights.gate().forEach(projection -> fill(projection, random));
    }
    return model;
  }

  private static void fill(Projection projection, SplittableRandom random) {
    double scale = 1 / Math.sqrt(Math.max(1, projection.spec().inputs()));
    for (int unit = 0; unit < projection.spec().units(); unit++) {
      for (int input = 0; input < projection.spec().inputs(); input++) {
        projection.weights().set(unit, input, (float) (scale * random.nextGaussian()));
      }
      if (projection.spec().hasBias()) {
        setBias(projection, unit, (float) (0.3 * random.nextGaussian()));
      }
    }
  }

  /// Widths that are seldom whole blocks and inputs on both sides of a chunk of the order of
  /// summation.
  static ModelSpec randomSpec(SplittableRandom random) {
    List<LayerSpec> layers = new ArrayList<>();
    int count = random.nextInt(1, 5);
    for (int layer = 0; layer < count; layer++) {
      layers.add(randomLayer(random));
    }
    OutputForm output = OutputForm.values()[random.nextInt(OutputForm.values().length)];
    return ModelSpec.of(random.nextInt(1, 300), layers, output);
  }

  private static LayerSpec randomLayer(SplittableRandom random) {
    int units = random.nextInt(1, 150);
    int blockSize = BLOCK_SIZES[random.nextInt(BLOCK_SIZES.length)];
    Activation activation = Activation.values()[random.nextInt(Activation.values().length)];
    if (random.nextInt(4) == 0) {
      return new LayerSpec.Dense(units, blockSize, activation);
    }
    Granularity granularity = random.nextBoolean() ? Granularity.BLOCK : Granularity.UNIT;
    int gates = granularity == Granularity.UNIT ? units : (units + blockSize - 1) / blockSize;
    float threshold = (float) random.nextDouble(0.2, 0.8);
    int minimumOpen = random.nextInt(3) == 0 ? random.nextInt(gates + 1) : 0;
    GateSpec gate = new GateSpec(randomForm(random), granularity, 1f, threshold, minimumOpen);
    return new LayerSpec.Gated(units, blockSize, activation, gate);
  }

  private static GateForm randomForm(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> new StaticGate();
      case 1 -> new LinearGate();
      case 2 -> new LowRankGate(random.nextInt(1, 40));
      default -> new TwoLayerGate(random.nextInt(1, 40));
    };
  }

  /// Gaussian features with some exact zeros of either sign among them.
  static float[] randomRows(int rows, int inputs, SplittableRandom random) {
    float[] features = new float[rows * inputs];
    for (int index = 0; index < features.length; index++) {
      features[index] =
          switch (random.nextInt(10)) {
            case 0 -> 0f;
            case 1 -> -0f;
            default -> (float) random.nextGaussian();
          };
    }
    return features;
  }
}
