package dev.sluice.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Which tiles live, by scores; of equal scores the tile with the lower number wins.
///
/// @param dropped live tiles to die, ascending
/// @param grown dead tiles to live, ascending
record TileChoice(int[] dropped, int[] grown) {
  /// Swaps `count` tiles, or as many as there are dead: live ones of the smallest weights for dead ones of the largest gradients. What is
  /// dropped does not grow again at once.
  ///
  /// @param live per tile, at least one
  /// @param weightSquares sums of squares per tile
  static TileChoice rewire(
      boolean[] live, double[] weightSquares, double[] gradientSquares, int count) {
    int[] alive = IntStream.range(0, live.length).filter(tile -> live[tile]).toArray();
    int[] dead = IntStream.range(0, live.length).filter(tile -> !live[tile]).toArray();
    int moved = Math.min(count, Math.min(alive.length, dead.length));
    int keep = alive.length - moved;
    int[] byWeight = byScore(alive, weightSquares);
    int[] byGradient = byScore(dead, gradientSquares);
    int[] dropped = Arrays.copyOfRange(byWeight, keep, alive.length);
    int[] grown = Arrays.copyOf(byGradient, moved);
    Arrays.sort(dropped);
    Arrays.sort(grown);
    return new TileChoice(dropped, grown);
  }

  /// Numbers of the tiles but the `count` of the largest scores, ascending.
  static int[] allButLargest(double[] scores, int count) {
    int[] order = byScore(IntStream.range(0, scores.length).toArray(), scores);
    int[] rest = Arrays.copyOfRange(order, count, scores.length);
    Arrays.sort(rest);
    return rest;
  }

  /// Largest first.
  private static int[] byScore(int[] tiles, double[] scores) {
    return Arrays.stream(tiles)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(tile -> -scores[tile])
                .thenComparingInt(tile -> tile))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
