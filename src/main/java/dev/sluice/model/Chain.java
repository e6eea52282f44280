package dev.sluice.model;

import java.util.Locale;

/// What a layer may have beside its own product: a chain of products, each reading what the one before it leaves.
public enum Chain {
  /// From the layer's input to the logits of its gates.
  GATE,
  /// From the layer's input, through a low rank, to an approximation of all its units: [LayerSpec.Gated#lightRank].
  LIGHT,
  /// From the layer's input to one logit, that of stopping: [ExitSpec.Halting].
  HALT;

  /// In the names of tensors: `layers.0.gate.1`.
  String tensorName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
