package dev.sluice.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blueprint of a part of a network that can answer: a chain of layers, the last of which is its head.
///
/// @param features what its first layer reads of a row
/// @param sharesEarlier whether its layers also read what the earlier stages' layers at the same depth have computed, so that an early stage's
///     units are the first units of the later stage
/// @param layers at least one
/// @param exit when rows stop here; null for the last stage under confidence exits
public record StageSpec(
    FeatureSelection features,
    boolean sharesEarlier,
    List<LayerSpec> layers,
    @Nullable ExitSpec exit) {
  public StageSpec {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("stage has no layers");
    }
  }

  /// A whole network of one stage.
  static StageSpec only(List<LayerSpec> layers) {
    return new StageSpec(FeatureSelection.all(), false, layers, null);
  }

  public StageSpec withLayers(List<LayerSpec> newLayers) {
    return new StageSpec(features, sharesEarlier, newLayers, exit);
  }

  public StageSpec withExit(@Nullable ExitSpec newExit) {
    return new StageSpec(features, sharesEarlier, layers, newExit);
  }

  boolean halts() {
    return exit instanceof ExitSpec.Halting;
  }
}
