package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;

/// Rows divided so that each class keeps its share in both parts.
///
/// @param train rows, ascending
/// @param test rows, ascending
record StratifiedSplit(int[] train, int[] test) {
  /// Holds out `round(share · n)` rows of each class of `n`, at least one and not all of them: the
  /// first of a permutation that depends on `seed`, the class and `n` alone.
  ///
  /// @param share in `(0, 1)`
  /// @throws DatasetException if a class has fewer than two rows
  static StratifiedSplit of(int[] labels, List<String> classNames, double share, long seed) {
    boolean[] held = new boolean[labels.length];
    for (int label = 0; label < classNames.size(); label++) {
      int[] rows = rowsOf(labels, label);
      if (rows.length < 2) {
        throw new DatasetException(
            "class too small to hold out a row: class="
                + classNames.get(label)
                + ", rows="
                + rows.length
                + ", expected=2 or more");
      }
      int count = Math.clamp((int) Math.rint(share * rows.length), 1, rows.length - 1);
      int[] order = Splits.permutation(rows.length, SplitMix64.at(seed, label).nextLong());
      for (int i = 0; i < count; i++) {
        held[rows[order[i]]] = true;
      }
    }
    return new StratifiedSplit(rowsWhere(held, false), rowsWhere(held, true));
  }

  private static int[] rowsOf(int[] labels, int label) {
    boolean[] wanted = new boolean[labels.length];
    for (int row = 0; row < labels.length; row++) {
      wanted[row] = labels[row] == label;
    }
    return rowsWhere(wanted, true);
  }

  private static int[] rowsWhere(boolean[] flags, boolean value) {
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < flags.length; row++) {
      if (flags[row] == value) {
        rows.add(row);
      }
    }
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }
}
