package dev.sluice.train;

/// How a gate decides while training; in evaluation and execution it is always the threshold.
public enum TrainingDecision {
  /// `g = 1[p > threshold]`
  THRESHOLD,
  /// `g ~ Bernoulli(p)`
  BERNOULLI
}
