package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
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

/// A small network of any shape, options and rows to train it with, all drawn from a seed. The last step of its two is of a smaller batch, but with batches of one
/// row.
record RandomTraining(ModelSpec spec, TrainingOptions options, Dataset rows, long seed) {
  private static final int[] BLOCK_SIZES = {8, 16, 32, 64};
  private static final int[] BATCH_SIZES = {1, 7, 48, 50, 64};

  static RandomTraining of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean isStaged = random.nextInt(3) == 0;
    ModelSpec spec = isStaged ? staged(random) : single(random);
    int batch = BATCH_SIZES[random.nextInt(BATCH_SIZES.length)];
    TrainingOptions options = options(batch, spec, random);
    int rows = batch + random.nextInt(1, batch + 1);
    Dataset data =
        spec.output() == OutputForm.IDENTITY
            ? TestData.waves(rows, spec.inputs(), spec.outputs(), seed)
            : TestData.clouds(rows, spec.inputs(), spec.outputs(), seed);
    return new RandomTraining(spec, options, data, seed);
  }

  /// The caller's to close.
  Model model() {
    SplittableRandom random = new SplittableRandom(seed);
    Arena arena = Arena.ofShared();
    Weights weights = Weights.allocate(arena, spec);
    Initializer.initialize(spec, options, weights);
    for (LayerWeights layer : weights.layers()) {
      layer.chain(Chain.GATE).forEach(product -> spread(product, random));
      layer.chain(Chain.HALT).forEach(product -> spread(product, random));
    }
    return new Model(spec, weights, Map.of(), arena);
  }

  /// So that some gates open and some do not, row by row.
  private static void spread(Projection product, SplittableRandom random) {
    for (int unit = 0; unit < product.spec().units(); unit++) {
      if (product.spec().hasBias()) {
        float bias = (float) (1.5 * random.nextGaussian());
        product.bias().set(AlignedMemory.FLOAT, (long) unit * Float.BYTES, bias);
      }
      for (int input = 0; input < product.spec().inputs(); input++) {
        product.weights().set(unit, input, (float) (0.3 * random.nextGaussian()));
      }
    }
  }

  private static ModelSpec single(SplittableRandom random) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int layer = random.nextInt(4); layer > 0; layer--) {
      layers.add(layer(random, random.nextInt(1, 100)));
    }
    layers.add(layer(random, random.nextInt(2, 20)));
    OutputForm[] forms = OutputForm.values();
    OutputForm form = forms[random.nextInt(forms.length)];
    return ModelSpec.of(random.nextInt(1, 80), layers, form);
  }

  private static ModelSpec staged(SplittableRandom random) {
    int inputs = random.nextInt(1, 60);
    int outputs = random.nextInt(2, 12);
    int count = random.nextInt(2, 4);
    boolean halts = random.nextBoolean();
    List<StageSpec> stages = new ArrayList<>();
    for (int stage = 0; stage < count; stage++) {
      List<LayerSpec> layers = new ArrayList<>();
      for (int layer = random.nextInt(3); layer > 0; layer--) {
        layers.add(layer(random, random.nextInt(1, 60)));
      }
      layers.add(layer(random, outputs));
      ExitSpec exit =
          halts
              ? new ExitSpec.Halting(0.2f)
              : stage == count - 1 ? null : new ExitSpec.Confidence(ExitSpec.Measure.MARGIN, 0.5f);
      boolean shares = stage > 0 && random.nextInt(3) > 0;
      FeatureSelection features =
          random.nextBoolean()
              ? FeatureSelection.all()
              : FeatureSelection.of(IntStream.rangeClosed(0, random.nextInt(inputs)).toArray());
      stages.add(new StageSpec(features, shares, layers, exit));
    }
    OutputForm form = random.nextBoolean() ? OutputForm.SOFTMAX : OutputForm.SIGMOID;
    return new ModelSpec(inputs, stages, form);
  }

  private static LayerSpec layer(SplittableRandom random, int units) {
    int blockSize = BLOCK_SIZES[random.nextInt(BLOCK_SIZES.length)];
    Activation activation = Activation.values()[random.nextInt(Activation.values().length)];
    if (random.nextInt(4) == 0) {
      return new LayerSpec.Dense(units, blockSize, activation);
    }
    Granularity granularity = random.nextBoolean() ? Granularity.BLOCK : Granularity.UNIT;
    boolean groups = granularity == Granularity.BLOCK && random.nextInt(3) == 0;
    int lightRank = random.nextInt(3) == 0 ? random.nextInt(1, 20) : 0;
    GateForm form = form(random);
    lightRank = form.readsLight() ? Math.max(3, lightRank) : lightRank;
    int blocksPerGate = groups ? random.nextInt(1, 4) : 1;
    boolean scales = random.nextInt(3) == 0;
    int gates =
        new GateSpec(form, granularity, blocksPerGate, GateRules.parse("threshold"), false)
            .gates(units, blockSize);
    GateSpec gate = new GateSpec(form, granularity, blocksPerGate, rule(random, gates), scales);
    return new LayerSpec.Gated(units, blockSize, activation, gate, lightRank);
  }

  private static GateForm form(SplittableRandom random) {
    String name = GateForms.names().get(random.nextInt(GateForms.names().size()));
    boolean hasParameter = GateForms.format(GateForms.parse(name)).contains(":");
    return GateForms.parse(hasParameter ? name + ":" + random.nextInt(1, 20) : name);
  }

  private static GateRule rule(SplittableRandom random, int gates) {
    String name = GateRules.names().get(random.nextInt(GateRules.names().size()));
    int k = random.nextInt(1, gates + 1);
    return GateRules.parse(name.contains("top-k") ? name + ":k=" + k : name);
  }

  private static TrainingOptions options(int batch, ModelSpec spec, SplittableRandom random) {
    boolean samples = random.nextInt(3) == 0;
    GateOptions gates =
        GateOptions.builder()
            .closedBlockGradient(random.nextBoolean())
            .decision(samples ? TrainingDecision.BERNOULLI : TrainingDecision.THRESHOLD)
            .penalties(List.of(new UsagePenalty(UsagePenalty.Kind.KEEP_FLOOR, 0.5, 0.3)))
            .build();
    OptimizerOptions optimizer =
        switch (random.nextInt(3)) {
          case 0 -> OptimizerOptions.AdamW.withDecay(0.01);
          case 1 -> new OptimizerOptions.Sgd(0.9, false, 1e-4);
          default -> new OptimizerOptions.Sgd(0.9, true, 1e-4);
        };
    return TrainingOptions.builder()
        .epochs(2)
        .batchSize(batch)
        .seed(random.nextInt(1000))
        .optimizer(optimizer)
        .dropout(random.nextInt(3) == 0 ? 0.3 : 0)
        .inputDropout(random.nextInt(3) == 0 ? 0.2 : 0)
        .clipNorm(random.nextInt(3) == 0 ? 1 : 0)
        .stages(
            StageOptions.defaults()
                .withSharedGradient(random.nextBoolean())
                .withSelfDistillation(spec.isStaged() && random.nextBoolean() ? 0.5 : 0))
        .gates(gates)
        .build();
  }

  @Override
  public String toString() {
    return "seed=" + seed + ", spec=" + spec + ", options=" + options.settings();
  }
}
