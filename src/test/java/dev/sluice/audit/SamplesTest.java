package dev.sluice.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Samples by a clock that is made up: answering a row puts it on.
class SamplesTest {
  private static final int ROWS = 100;

  /// Row `r` takes `base + r · slope` nanoseconds.
  private static final class Rows implements Samples.Answering {
    private final double base;
    private final double slope;
    private double now;
    private long answered;

    /// Rows of each call since it was last cleared.
    private final List<Integer> calls = new ArrayList<>();

    Rows(double base, double slope) {
      this.base = base;
      this.slope = slope;
    }

    @Override
    public void answer(int from, int to) {
      for (int row = from; row < to; row++) {
        now += base + row * slope;
      }
      answered += to - from;
      calls.add(to - from);
    }

    double mean() {
      return base + slope * (ROWS - 1) / 2;
    }
  }

  private static Samples runUp(Rows rows, int times) {
    Samples samples = new Samples(rows, ROWS, () -> (long) rows.now);
    for (int time = 0; time < times; time++) {
      samples.runUp();
    }
    return samples;
  }

  @Test
  void samplesOfQuickAndSlowRowsTakeAboutAMillisecond() {
    for (double base = 20; base < 4e5; base *= 1.7) {
      Rows rows = new Rows(base, base / 50);
      Samples samples = runUp(rows, 20);
      SampleLength length = samples.length();
      double nanos = rows.mean() * ROWS * length.passes() / length.pieces();
      assertTrue(nanos > 0.6e6 && nanos < 1.6e6, "base=" + base + ", nanos=" + nanos);
      assertTrue(length.passes() == 1 || length.pieces() == 1);
    }
  }

  /// A row that takes longer than a sample is a sample.
  @Test
  void aPieceHasAtLeastARow() {
    assertEquals(ROWS, runUp(new Rows(1e7, 0), 3).length().pieces());
  }

  @Test
  void everyRoundAnswersEveryRowOnceWhereItIsTimedInPieces() {
    Rows rows = new Rows(70_000, 3_000);
    Samples samples = runUp(rows, 3);
    rows.calls.clear();
    samples.runRound();
    assertEquals(samples.length().pieces(), rows.calls.size() - 1);
    int untimed = rows.calls.removeFirst();
    assertEquals(30, untimed);
    assertEquals(ROWS, rows.calls.stream().mapToInt(Integer::intValue).sum());
    assertTrue(rows.calls.stream().allMatch(count -> count > 0), rows.calls.toString());
  }

  @Test
  void theMeanIsOneOverAllRowsHoweverTheyAreCut() {
    for (double base : List.of(100.0, 3_000.0, 70_000.0, 2e6)) {
      Rows rows = new Rows(base, base / 10);
      Samples samples = runUp(rows, 12);
      for (int round = 0; round < 9; round++) {
        samples.runRound();
      }
      assertEquals(rows.mean(), samples.nanos(), 1e-4 * rows.mean());
      for (double nanos : samples.roundNanos()) {
        assertEquals(rows.mean(), nanos, 1e-4 * rows.mean());
      }
    }
  }

  /// Each run-up has at most four times the rows of the one before, none more than a million beside the untimed ones.
  @Test
  void aClockThatStandsStillLengthensSamplesStepByStepAndNotForEver() {
    Rows rows = new Rows(0, 0);
    Samples samples = new Samples(rows, ROWS, () -> 0);
    long before = ROWS;
    for (int time = 0; time < 40; time++) {
      rows.answered = 0;
      samples.runUp();
      long timed = rows.answered - 30;
      assertTrue(timed <= Math.min(4 * before, 1_000_000), "time=" + time + ", rows=" + timed);
      before = timed;
    }
    assertEquals(10_000, samples.length().passes());
    assertEquals(1, samples.length().pieces());
  }

  @Test
  void aReadingOfZeroDoesNotStayOnceTheClockMoves() {
    Rows rows = new Rows(1_000, 0);
    // ticks of 150 000 ns; a first pass takes less
    Samples samples = new Samples(rows, ROWS, () -> (long) (rows.now / 150_000) * 150_000);
    for (int time = 0; time < 20; time++) {
      samples.runUp();
    }
    assertTrue(samples.length().passes() <= 40, samples.length().toString());
  }

  /// Of eight rounds, two of which were not disturbed, the second quickest; not the quickest.
  @Test
  void disturbedRoundsDoNotCountAndNeitherDoesTheLuckiest() {
    double[] delays = {5e6, 0, 7e6, 1e6, 3e5, 9e6, 2e6, 4e6};
    Rows rows = new Rows(10_000, 0);
    Samples samples = runUp(rows, 8);
    double[] extra = {0};
    int[] round = {0};
    Samples disturbed =
        new Samples(
            (from, to) -> {
              rows.answer(from, to);
              if (from == 0 && to == ROWS) {
                extra[0] += delays[round[0]];
              }
            },
            ROWS,
            () -> (long) (rows.now + extra[0]));
    assertEquals(new SampleLength(1, 1), samples.length());
    for (round[0] = 0; round[0] < delays.length; round[0]++) {
      disturbed.runRound();
    }
    assertEquals(10_000 + 3e5 / ROWS, disturbed.nanos(), 1e-6);
  }
}
