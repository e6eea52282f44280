package dev.sluice.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// What one way of answering rows takes, round after round. All rows are in every round, so that a round's mean is one over the same rows.
final class Samples {
  /// Answers some rows, one by one.
  @FunctionalInterface
  interface Answering {
    /// @param to exclusive
    void answer(int from, int to);
  }

  /// Before each round: weights of a step that others did not have come into the caches.
  private static final int UNTIMED_ROWS = 30;

  /// What disturbs a sample makes it longer, on a busy machine more than every other one; of samples in ascending order the one after the first eighth was hardly disturbed, and,
  /// of [TimeMeasurement#FEWEST_ROUNDS] or more, is not the luckiest.
  private static final int UNDISTURBED = 8;

  private final Answering answering;
  private final int rows;
  private final LongSupplier clock;
  private SampleLength length = SampleLength.FIRST;
  private double quickestPassNanos = Double.POSITIVE_INFINITY;

  /// Of each round, what its pieces took.
  private final List<double[]> rounds = new ArrayList<>();

  Samples(Answering answering, int rows, LongSupplier clock) {
    this.answering = answering;
    this.rows = rows;
    this.clock = clock;
  }

  /// A round that is not kept; it decides on the next ones' length.
  void runUp() {
    double passNanos = sum(round());
    if (passNanos > 0) {
      quickestPassNanos = Math.min(quickestPassNanos, passNanos);
    }
    boolean isKnown = quickestPassNanos < Double.POSITIVE_INFINITY;
    length = length.next(isKnown ? quickestPassNanos : 0, rows);
  }

  /// Not to be followed by a [#runUp], after which pieces may be others.
  void runRound() {
    rounds.add(round());
  }

  private double[] round() {
    answering.answer(0, Math.min(UNTIMED_ROWS, rows));
    double[] nanos = new double[length.pieces()];
    for (int piece = 0; piece < nanos.length; piece++) {
      int from = bound(piece);
      int to = bound(piece + 1);
      long start = clock.getAsLong();
      for (int pass = 0; pass < length.passes(); pass++) {
        answering.answer(from, to);
      }
      nanos[piece] = (double) (clock.getAsLong() - start) / length.passes();
    }
    return nanos;
  }

  private int bound(int piece) {
    return (int) ((long) piece * rows / length.pieces());
  }

  private static double sum(double[] nanos) {
    double sum = 0;
    for (double piece : nanos) {
      sum += piece;
    }
    return sum;
  }

  SampleLength length() {
    return length;
  }

  /// Nanoseconds a row, of samples that were hardly disturbed.
  double nanos() {
    double sum = 0;
    for (int piece = 0; piece < length.pieces(); piece++) {
      int index = piece;
      double[] sorted = rounds.stream().mapToDouble(round -> round[index]).sorted().toArray();
      sum += sorted[sorted.length / UNDISTURBED];
    }
    return sum / rows;
  }

  /// Nanoseconds a row, round by round, disturbed or not.
  double[] roundNanos() {
    return rounds.stream().mapToDouble(round -> sum(round) / rows).toArray();
  }
}
