package dev.sluice.cli;

import java.util.Arrays;

/// Times of single predictions in this JVM.
record Latency(int samples, double p50Nanos, double p99Nanos) {
  /// @param nanos sorted in place
  static Latency of(long[] nanos) {
    Arrays.sort(nanos);
    return new Latency(nanos.length, quantile(nanos, 0.5), quantile(nanos, 0.99));
  }

  /// The smallest value that at least this share of all do not exceed.
  private static double quantile(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }
}
