package dev.sluice.runtime;

/// Which rows of a batch a stage answers, or passes on: they are compacted, so that its matrices hold row `row(i)` of the batch at position `i`.
final class BatchRows {
  private final int[] rows;
  private final int[] positions;
  private int count;

  BatchRows(int maximumRows) {
    this.rows = new int[maximumRows];
    this.positions = new int[maximumRows];
  }

  void clear() {
    count = 0;
  }

  void add(int row) {
    positions[row] = count;
    rows[count++] = row;
  }

  int count() {
    return count;
  }

  int row(int position) {
    return rows[position];
  }

  /// Of a row that was added since the last [#clear].
  int position(int row) {
    return positions[row];
  }
}
