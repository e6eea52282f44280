package dev.sluice.audit;

/// Floating-point operations by the processor's own counters beside those that kernels with counters in them execute; the processor counts others, without.
///
/// @param reason why nothing was measured, empty if something was
/// @param rows answered while counting, each of the audit's as often as the others
/// @param measuredFlops 0 if nothing was measured
/// @param meteredFlops of as many rows: products with padding and fixed terms, activation functions, softmax and all else that kernels do; what a predictor does outside of
///     kernels, such as telling how confident an answer is, is in the first count alone
public record HardwareCount(String reason, long rows, long measuredFlops, long meteredFlops) {
  static HardwareCount none(String reason) {
    return new HardwareCount(reason, 0, 0, 0);
  }

  public boolean isMeasured() {
    return reason.isEmpty();
  }

  /// Measured over metered; 1 but for what is in one count alone.
  public double ratio() {
    return isMeasured() ? (double) measuredFlops / meteredFlops : Double.NaN;
  }
}
