package dev.sluice.runtime;

import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LightGate;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.LowRankGate;
import dev.sluice.gate.StaticGate;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gate.TwoLayerGate;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.StageSpec;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

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
      for (Chain chain : Chain.values()) {
        weights.chain(chain).forEach(projection -> fill(projection, random));
      }
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
      layers.add(randomLayer(random, random.nextInt(1, 150)));
    }
    OutputForm output = OutputForm.values()[random.nextInt(OutputForm.values().length)];
    return ModelSpec.of(random.nextInt(1, 300), layers, output);
  }

  private static LayerSpec randomLayer(SplittableRandom random, int units) {
    int blockSize = BLOCK_SIZES[random.nextInt(BLOCK_SIZES.length)];
    Activation activation = Activation.values()[random.nextInt(Activation.values().length)];
    if (random.nextInt(4) == 0) {
      return new LayerSpec.Dense(units, blockSize, activation);
    }
    Granularity granularity = random.nextBoolean() ? Granularity.BLOCK : Granularity.UNIT;
    int blocks = (units + blockSize - 1) / blockSize;
    int blocksPerGate =
        granularity == Granularity.BLOCK && random.nextInt(3) == 0 ? random.nextInt(1, 4) : 1;
    int gates = granularity == Granularity.UNIT ? units : Math.ceilDiv(blocks, blocksPerGate);
    float threshold = (float) random.nextDouble(0.2, 0.8);
    int minimumOpen = random.nextInt(3) == 0 ? random.nextInt(gates + 1) : 0;
    float temperature = random.nextBoolean() ? 1f : 0.7f;
    GateRule rule =
        switch (random.nextInt(6)) {
          case 0 -> GateRules.parse("top-k:k=" + random.nextInt(1, gates + 1));
          case 1 -> GateRules.parse("switch");
          default -> new ThresholdRule(temperature, threshold, minimumOpen);
        };
    boolean scales = random.nextInt(3) == 0;
    int lightRank = random.nextInt(3) == 0 ? random.nextInt(1, 20) : 0;
    GateForm form = lightRank > 0 && random.nextInt(3) == 0 ? new LightGate() : randomForm(random);
    GateSpec gate = new GateSpec(form, granularity, blocksPerGate, rule, scales);
    return new LayerSpec.Gated(units, blockSize, activation, gate, lightRank);
  }

  /// Two to four stages with different features, some sharing what earlier ones computed; exits of confidence that stop some rows, or halting.
  static ModelSpec randomStagedSpec(SplittableRandom random) {
    int inputs = random.nextInt(1, 200);
    int outputs = random.nextInt(1, 12);
    int count = random.nextInt(2, 5);
    boolean halts = random.nextInt(3) == 0;
    OutputForm[] forms = OutputForm.values();
    OutputForm output = forms[halts ? random.nextInt(forms.length) : random.nextInt(1, 3)];
    List<StageSpec> stages = new ArrayList<>();
    for (int stage = 0; stage < count; stage++) {
      List<LayerSpec> layers = new ArrayList<>();
      for (int layer = random.nextInt(3); layer > 0; layer--) {
        layers.add(randomLayer(random, random.nextInt(1, 70)));
      }
      layers.add(randomLayer(random, outputs));
      ExitSpec exit =
          halts
              ? new ExitSpec.Halting(0.2f)
              : stage == count - 1 ? null : randomConfidence(random, output, outputs);
      boolean shares = stage > 0 && random.nextInt(3) > 0;
      stages.add(new StageSpec(randomFeatures(random, inputs), shares, layers, exit));
    }
    return new ModelSpec(inputs, stages, output);
  }

  private static ExitSpec randomConfidence(
      SplittableRandom random, OutputForm output, int outputs) {
    ExitSpec.Measure[] measures = ExitSpec.Measure.values();
    ExitSpec.Measure measure = measures[random.nextInt(measures.length)];
    double least = output == OutputForm.SOFTMAX ? 1.0 / outputs : 0.5;
    double from = measure == ExitSpec.Measure.MAX_PROBABILITY ? least : 0;
    return new ExitSpec.Confidence(measure, (float) random.nextDouble(from, from + 0.3));
  }

  private static FeatureSelection randomFeatures(SplittableRandom random, int inputs) {
    return switch (random.nextInt(3)) {
      case 0 -> FeatureSelection.all();
      case 1 -> {
        int from = random.nextInt(inputs);
        yield FeatureSelection.of(
            IntStream.rangeClosed(from, random.nextInt(from, inputs)).toArray());
      }
      default -> {
        int chosen = random.nextInt(inputs);
        yield FeatureSelection.of(
            IntStream.range(0, inputs)
                .filter(index -> index == chosen || random.nextInt(3) == 0)
                .toArray());
      }
    };
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
