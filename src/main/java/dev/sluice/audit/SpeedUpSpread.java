package dev.sluice.audit;

import java.util.Arrays;

/// How far the speed-up differs from round to round, in each of which network and twin were measured once: the middle half of the rounds. It is no interval of
/// confidence of [TimeBooks#measuredSpeedUp], which is made of undisturbed samples alone and may lie beside it on a busy machine.
///
/// @param rounds that were measured
/// @param low a quarter of the rounds had less
/// @param high a quarter of the rounds had more
public record SpeedUpSpread(int rounds, double low, double high) {
  /// @param nanos of the network by round
  /// @param denseNanos of its twin in the same rounds
  static SpeedUpSpread of(double[] nanos, double[] denseNanos) {
    double[] speedUps = new double[nanos.length];
    Arrays.setAll(speedUps, round -> denseNanos[round] / nanos[round]);
    Arrays.sort(speedUps);
    return new SpeedUpSpread(nanos.length, quantile(speedUps, 0.25), quantile(speedUps, 0.75));
  }

  /// Between two rounds in proportion.
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
