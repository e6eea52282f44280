package dev.sluice.kernel.meter;

/// What operations of kernels are for that belong to no product.
public enum ElementwiseKind {
  ACTIVATIONS,
  ACTIVATION_GRADIENTS,
  /// Softmax, sigmoid and exponential: of losses, of soft gates, of answers.
  PROBABILITIES,
  /// Multiplying by gates' weights, by dropout, by what a row weighs in the loss; scaled sums.
  FACTORS,
  /// Sums of squares.
  NORMS,
  OPTIMIZER
}
