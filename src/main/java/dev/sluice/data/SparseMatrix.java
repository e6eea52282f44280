package dev.sluice.data;

/// A matrix of which only the stored entries are kept, column by column, rows ascending within each.
///
/// @param columnStart `columns + 1` positions: column `c` has the entries from `columnStart[c]` up to
///   `columnStart[c + 1]`
/// @param rowOf row of each entry
/// @param values of each entry
record SparseMatrix(int rows, int columns, int[] columnStart, int[] rowOf, double[] values) {
  /// Sum of a column's entries.
  double columnSum(int column) {
    double sum = 0;
    for (int i = columnStart[column]; i < columnStart[column + 1]; i++) {
      sum += values[i];
    }
    return sum;
  }
}
