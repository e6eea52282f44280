package dev.sluice.audit;

/// Where the time of a row goes, and what became of the speed-up that its MACs promise. Nanoseconds a row, means over the rows; rows are answered one by one.
///
/// @param nanos of the network by a [dev.sluice.runtime.Predictor] as anybody has it
/// @param denseNanos the same of its dense twin
/// @param spread of the speed-up over the rounds
/// @param shares what its MACs promise
/// @param parts of the network, by predictions that stop early
/// @param denseParts of its dense twin
public record TimeBooks(
    double nanos,
    double denseNanos,
    SpeedUpSpread spread,
    MacShares shares,
    TimeParts parts,
    TimeParts denseParts) {
  /// By how much the parts may miss the whole.
  public static final double TOLERANCE = 0.05;

  /// Dense MACs over structural ones.
  public double promisedSpeedUp() {
    return 1 / shares.relativeMacs();
  }

  public double measuredSpeedUp() {
    return denseNanos / nanos;
  }

  /// Whether the parts, which are differences and so always come to the time of all steps, come to that of the whole too, which was measured beside them with a predictor of its
  /// own: two timings of the same work, so that a difference is a disturbance; so too for the twin.
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
