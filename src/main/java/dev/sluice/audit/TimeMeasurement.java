package dev.sluice.audit;

import dev.sluice.model.Model;
import dev.sluice.runtime.Budget;

/// Times a network and its dense twin, whole and in part, in turn and on the same rows, every other round backwards: what disturbs the machine for a while disturbs all of them.
final class TimeMeasurement {
  private static final long RUN_UP_NANOS = 1_000_000_000L;
  private static final long TOTAL_NANOS = 8_000_000_000L;
  private static final int MOST_ROUNDS = 300;

  /// For networks so large that [#TOTAL_NANOS] are over before.
  static final int FEWEST_ROUNDS = 8;

  private TimeMeasurement() {}

  /// The twin has no budget.
  static TimeBooks measure(Model model, AuditSettings settings, MacShares shares, float[][] rows) {
    try (Model dense = DenseTwin.of(model);
        TimedRuns runs = new TimedRuns(model, settings, rows);
        TimedRuns twin = new TimedRuns(dense, settings.withBudget(Budget.none()), rows)) {
      long start = System.nanoTime();
      do {
        runs.runUp();
        twin.runUp();
      } while (System.nanoTime() - start < RUN_UP_NANOS);
      start = System.nanoTime();
      for (int round = 0; isToGoOn(round, System.nanoTime() - start); round++) {
        runRound(round % 2 == 0, runs, twin);
      }
      SpeedUpSpread spread = SpeedUpSpread.of(runs.roundNanos(), twin.roundNanos());
      return new TimeBooks(runs.nanos(), twin.nanos(), spread, shares, runs.parts(), twin.parts());
    }
  }

  private static void runRound(boolean isForward, TimedRuns runs, TimedRuns twin) {
    (isForward ? runs : twin).runRound(isForward);
    (isForward ? twin : runs).runRound(isForward);
  }

  static boolean isToGoOn(int rounds, long elapsedNanos) {
    return rounds < FEWEST_ROUNDS || (rounds < MOST_ROUNDS && elapsedNanos < TOTAL_NANOS);
  }
}
