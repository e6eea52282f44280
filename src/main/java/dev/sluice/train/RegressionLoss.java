package dev.sluice.train;

/// Loss of a network whose output form is the identity, a mean over the outputs.
public sealed interface RegressionLoss {
  /// `(y − t)²`
  record Squared() implements RegressionLoss {}

  /// `½e²` where `|e| ≤ delta`, `delta·(|e| − ½delta)` beyond, with `e = y − t` (Huber 1964).
  record Huber(double delta) implements RegressionLoss {
    public Huber {
      OptionChecks.between("huber delta", delta, 0, 1e9);
    }
  }
}
