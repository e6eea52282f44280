package dev.sluice.audit;

/// Where the time of a row goes, and what became of the speed-up that its MACs promise. Nanoseconds a row, means over the rows; rows are answered one by one.
///
/// @param nanos of the network by a [dev.sluice.runtime.Predictor] as anybody has it
/// @param denseNanos the same of its dense twin
/// @param shares what its MACs promise
/// @param parts of the network, by predictions that stop early
/// @param denseParts of its dense twin
public record TimeBooks(
    double nanos, double denseNanos, MacShares shares, TimeParts parts, TimeParts denseParts) {
  /// By how much the parts may miss the whole.
  public static final double TOLERANCE = 0.05;

  /// Dense MACs over structural ones.
  public double promisedSpeedUp() {
    return 1 / shares.relativeMacs();
  }

  public double measuredSpeedUp() {
    return denseNanos / nanos;
  }

  /// Whether the parts come to the time of the whole, which was measured beside them with a predictor of its own; so too for the twin.
  public boolean addsUp() {
    return isNear(parts.sum(), nanos) && isNear(denseParts.sum(), denseNanos);
  }

  private static boolean isNear(double sum, double whole) {
    return Math.abs(sum - whole) <= TOLERANCE * whole;
  }

  public Bridge bridge() {
    return Bridge.of(this);
  }
}
