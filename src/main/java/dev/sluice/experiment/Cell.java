package dev.sluice.experiment;

import java.util.Comparator;

/// One network of an experiment.
///
/// @param budget relative MACs
public record Cell(String method, double budget, long seed) implements Comparable<Cell> {
  private static final Comparator<Cell> ORDER =
      Comparator.comparingDouble(Cell::budget)
          .thenComparing(Cell::method)
          .thenComparingLong(Cell::seed);

  @Override
  public int compareTo(Cell other) {
    return ORDER.compare(this, other);
  }

  /// `linear-0.15-1`: names its model file.
  @Override
  public String toString() {
    return method + "-" + budget + "-" + seed;
  }
}
