package dev.sluice.runtime;

/// What a step of a prediction is for.
public enum StepKind {
  /// A layer's own product.
  PANEL,
  /// A product of a gate.
  GATE,
  /// A product of a light path.
  LIGHT,
  /// A halting unit's product.
  EXIT,
  /// A product's activation function.
  ACTIVATION,
  /// Looking for inputs that are zero.
  ZERO_LISTING,
  /// From logits to open gates, blocks and units.
  ROUTING,
  /// Gathering features, joining layers, mixing in light paths, multiplying by gates' weights, clearing closed units.
  MOVING,
  /// From a head's values to whether the row stops: confidence, or halting and its blend.
  EXIT_DECISION,
  /// Softmax or sigmoid of the answer.
  OUTPUT
}
