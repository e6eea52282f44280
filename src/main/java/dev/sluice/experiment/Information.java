package dev.sluice.experiment;

import java.util.Collection;

/// Entropies of counts, in bits.
final class Information {
  private Information() {}

  /// `I(A; B) = H(B) − H(B | A)` by relative frequencies.
  ///
  /// @param counts per value of A, the counts of each value of B
  static double mutual(Collection<int[]> counts) {
    int[] sums = new int[counts.stream().mapToInt(row -> row.length).max().orElse(0)];
    long total = 0;
    double conditional = 0;
    for (int[] row : counts) {
      long rowTotal = 0;
      for (int value = 0; value < row.length; value++) {
        sums[value] += row[value];
        rowTotal += row[value];
      }
      total += rowTotal;
      conditional += rowTotal * entropy(row);
    }
    return total == 0 ? 0 : Math.max(0, entropy(sums) - conditional / total);
  }

  static double entropy(int[] counts) {
    long total = 0;
    double sum = 0;
    for (int count : counts) {
      total += count;
      sum += count == 0 ? 0 : count * log2(count);
    }
    return total == 0 ? 0 : log2(total) - sum / total;
  }

  /// StrictMath: records have the same figures on every machine.
  private static double log2(double value) {
    return StrictMath.log(value) / StrictMath.log(2);
  }
}
