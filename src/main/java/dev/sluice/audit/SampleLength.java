package dev.sluice.audit;

/// How many rows a sample has, so that samples of quick and slow networks take about as long and are disturbed as seldom: several passes over all rows where one is short, and
/// where one is long, pieces of it that are samples of their own.
///
/// @param passes over the rows in one sample; 1 if there are several pieces
/// @param pieces of a pass, each of about as many rows
record SampleLength(int passes, int pieces) {
  /// Long beside the resolution of the clock, short beside a turn that another program gets on the core: most samples have none in them.
  private static final double SAMPLE_NANOS = 1e6;

  /// From one run-up to the next: a pass that is timed alone may be a wrong measure of many.
  private static final int MOST_GROWTH = 4;

  /// Of one sample: no row takes less than a nanosecond, whatever the clock says.
  private static final int MOST_ROWS = 1_000_000;

  static final SampleLength FIRST = new SampleLength(1, 1);

  /// @param passNanos of the quickest pass so far; 0 if the clock has shown none yet
  /// @param rows of a pass
  SampleLength next(double passNanos, int rows) {
    long wanted = passNanos > 0 ? Math.max(1, Math.round(SAMPLE_NANOS / passNanos)) : MOST_ROWS;
    long most = Math.max(1, MOST_ROWS / rows);
    int grown = (int) Math.min(Math.min(wanted, most), (long) MOST_GROWTH * passes);
    return new SampleLength(
        grown, (int) Math.clamp(Math.round(passNanos / SAMPLE_NANOS), 1, (long) rows));
  }
}
