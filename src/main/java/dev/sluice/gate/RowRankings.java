package dev.sluice.gate;

import org.jspecify.annotations.Nullable;

/// A [LargestLogits] for each row of a batch, as rows decide at the same time; made when first asked for.
final class RowRankings {
  private final int k;
  private final @Nullable LargestLogits[] rankings;

  RowRankings(int k, int rows) {
    this.k = k;
    this.rankings = new LargestLogits[rows];
  }

  LargestLogits of(int row) {
    LargestLogits ranking = rankings[row];
    if (ranking == null) {
      ranking = new LargestLogits(k);
      rankings[row] = ranking;
    }
    return ranking;
  }
}
