package dev.sluice.experiment;

import java.util.List;

/// Which points no other point beats.
public final class ParetoFront {
  private ParetoFront() {}

  /// @param cost less is better
  /// @param gain more is better
  public record Point(double cost, double gain) {
    /// Not worse in either, and better in one.
    boolean beats(Point other) {
      return cost <= other.cost && gain >= other.gain && (cost < other.cost || gain > other.gain);
    }
  }

  /// For each point whether it is on the front; equal points are on it together. A point with NaN is not on it and beats none.
  public static List<Boolean> of(List<Point> points) {
    return points.stream()
        .map(
            point ->
                !Double.isNaN(point.cost + point.gain)
                    && points.stream().noneMatch(other -> other.beats(point)))
        .toList();
  }
}
