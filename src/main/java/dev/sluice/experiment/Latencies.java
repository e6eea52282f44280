package dev.sluice.experiment;

/// Mean time of one prediction over the same rows, nanoseconds: the median over rounds in which the networks took turns.
///
/// @param dense of the reference network
/// @param equalMac of the dense network of the budget's MACs
/// @param model of the method's
public record Latencies(double dense, double equalMac, double model) {
  /// How many times faster than the reference network.
  public double speedup() {
    return dense / model;
  }
}
