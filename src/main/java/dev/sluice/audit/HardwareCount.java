package dev.sluice.audit;

/// Floating-point operations by the processor's own counters beside those of the account, of kernels without counters in them.
///
/// @param reason why nothing was measured, empty if something was
/// @param rows answered while counting, each of the audit's as often as the others
/// @param measuredFlops 0 if nothing was measured
/// @param accountFlops of the products of as many rows, padding and fixed terms among them; activation functions and softmax are in no account
public record HardwareCount(String reason, long rows, long measuredFlops, long accountFlops) {
  static HardwareCount none(String reason) {
    return new HardwareCount(reason, 0, 0, 0);
  }

  public boolean isMeasured() {
    return reason.isEmpty();
  }

  /// Measured over the account's.
  public double ratio() {
    return isMeasured() ? (double) measuredFlops / accountFlops : Double.NaN;
  }
}
