package dev.sluice.audit;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.TileMap;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The network that relative MACs are relative to, to be timed: all blocks, no gates.
final class DenseTwin {
  private DenseTwin() {}

  /// With the model's own weights where it has one stage that reads all features, and no dead tiles. The plain network that the last of several stages is part of, that reads
  /// what others leave out or that nobody has pruned has no weights anywhere, so random ones are taken.
  static Model of(Model model) {
    ModelSpec spec = model.spec();
    boolean hasAllWeights =
        !spec.isStaged() && spec.stages().getFirst().features().isAll() && !isPruned(model);
    return hasAllWeights ? ungated(model) : plain(model);
  }

  private static boolean isPruned(Model model) {
    return model.weights().layers().stream()
        .anyMatch(layer -> TileMap.of(layer.projection().weights()).isPruned());
  }

  private static Model ungated(Model model) {
    List<LayerSpec> layers = model.spec().layers().stream().map(DenseTwin::dense).toList();
    List<LayerWeights> weights =
        model.weights().layers().stream()
            .map(layer -> new LayerWeights(layer.projection(), Map.of()))
            .toList();
    ModelSpec spec = ModelSpec.of(model.spec().inputs(), layers, model.spec().output());
    return new Model(spec, new Weights(weights), Map.of(), Arena.ofShared());
  }

  private static LayerSpec dense(LayerSpec layer) {
    return new LayerSpec.Dense(layer.units(), layer.blockSize(), layer.activation());
  }

  private static Model plain(Model model) {
    ModelSpec staged = model.spec();
    List<LayerSpec> layers = new ArrayList<>();
    int last = staged.stages().size() - 1;
    for (int layer = staged.firstLayer(last); layer <= staged.head(last); layer++) {
      LayerSpec own = staged.layers().get(layer);
      int units = own.units();
      if (layer < staged.head(last)) {
        units =
            staged.sources(layer + 1).stream()
                .mapToInt(source -> staged.layers().get(source).units())
                .sum();
      }
      layers.add(new LayerSpec.Dense(units, own.blockSize(), own.activation()));
    }
    ModelSpec spec = ModelSpec.of(staged.inputs(), layers, staged.output());
    Arena arena = Arena.ofShared();
    Weights weights = Weights.allocate(arena, spec);
    SplittableRandom random = new SplittableRandom(1);
    weights.layers().forEach(layer -> fill(layer.projection(), random));
    Model twin = new Model(spec, weights, Map.of(), arena);
    if (twin.precision() == model.precision()) {
      return twin;
    }
    try (twin) {
      return twin.withPrecision(model.precision());
    }
  }

  private static void fill(Projection projection, SplittableRandom random) {
    double scale = Math.sqrt(2.0 / projection.spec().inputs());
    for (int unit = 0; unit < projection.spec().units(); unit++) {
      for (int input = 0; input < projection.spec().inputs(); input++) {
        projection.weights().set(unit, input, (float) (scale * random.nextGaussian()));
      }
      projection
          .bias()
          .set(
              AlignedMemory.FLOAT,
              (long) unit * Float.BYTES,
              (float) (0.1 * random.nextGaussian()));
    }
  }
}
