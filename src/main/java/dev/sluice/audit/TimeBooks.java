package dev.sluice.audit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// Where the time of a row goes, and what became of the speed-up that its MACs promise. Nanoseconds a row, means over the rows.
///
/// @param nanos of the network by itself
/// @param denseNanos of its dense twin
/// @param promisedSpeedUp dense MACs over structural ones
/// @param parts of a run whose kernels were timed one by one, the clock's own time taken off
public record TimeBooks(
    double nanos, double denseNanos, double promisedSpeedUp, Map<TimePart, Double> parts) {
  /// By how much the parts may miss the whole: the clock's own time is an estimate.
  public static final double TOLERANCE = 0.05;

  public TimeBooks {
    parts = Collections.unmodifiableMap(new EnumMap<>(parts));
  }

  public double measuredSpeedUp() {
    return denseNanos / nanos;
  }

  public double sumOfParts() {
    return parts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /// Whether the parts come to the network's time, which was measured without a clock inside.
  public boolean addsUp() {
    return Math.abs(sumOfParts() - nanos) <= TOLERANCE * nanos;
  }
}
