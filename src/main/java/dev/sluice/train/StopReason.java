package dev.sluice.train;

/// Why a training ended.
public enum StopReason {
  /// All epochs are done.
  COMPLETED,
  /// No better validation result for as many epochs as patience allows.
  EARLY_STOPPING,
  /// [Trainer#cancel] was called.
  CANCELLED,
  /// The loss or the gradient became NaN or infinite.
  DIVERGED
}
