package dev.sluice.experiment;

/// A method at one budget over all seeds, or a dense network in its place.
///
/// @param method `dense` and `equal-mac` for the comparators
/// @param budget relative MACs, 1 for `dense`
/// @param accuracy on test rows
/// @param overDense accuracy less that of the reference network of the same seed
/// @param overEqualMac accuracy less that of the equal-MAC network of the same seed
/// @param speedup measured, against the reference network, zero skipping off
/// @param latencyNanos mean time of a prediction, zero skipping off
/// @param gateStdDev standard deviation of the gate ratio over rows
/// @param commonestSet share of rows with the commonest active set
/// @param isWinner the method with the best validation accuracy at its budget
/// @param isOnFront no other row of the table has as few MACs and as much accuracy
public record Summary(
    String method,
    double budget,
    Spread relativeMacs,
    Spread accuracy,
    Spread validationAccuracy,
    Spread overDense,
    Spread overEqualMac,
    Spread speedup,
    Spread latencyNanos,
    Spread gateStdDev,
    Spread commonestSet,
    boolean isWinner,
    boolean isOnFront) {
  public static final String DENSE = "dense";
  public static final String EQUAL_MAC = "equal-mac";

  public boolean isComparator() {
    return method.equals(DENSE) || method.equals(EQUAL_MAC);
  }

  Summary marked(boolean winner, boolean onFront) {
    return new Summary(
        method,
        budget,
        relativeMacs,
        accuracy,
        validationAccuracy,
        overDense,
        overEqualMac,
        speedup,
        latencyNanos,
        gateStdDev,
        commonestSet,
        winner,
        onFront);
  }
}
