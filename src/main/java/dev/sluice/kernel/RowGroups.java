package dev.sluice.kernel;

import java.util.Arrays;

/// The rows of a batch grouped by the block they open: for each block an ascending list of rows.
///
/// Made anew for every batch by a counting sort into arrays of fixed size; not thread-safe while it is being made.
public final class RowGroups {
  private final int[] from;
  private final int[] to;
  private final int[] rows;
  private final boolean dense;

  /// For up to `maximumRows` rows, each of which may open all of `blocks` blocks. All groups are empty.
  public RowGroups(int blocks, int maximumRows) {
    this.from = new int[blocks];
    this.to = new int[blocks];
    this.rows = new int[Math.multiplyExact(blocks, maximumRows)];
    this.dense = false;
  }

  private RowGroups(int[] from, int[] to, int[] rows) {
    this.from = from;
    this.to = to;
    this.rows = rows;
    this.dense = true;
  }

  /// Every block is open on all of `0 … rowCount-1`; the blocks share one list.
  public static RowGroups dense(int blocks, int rowCount) {
    int[] to = new int[blocks];
    Arrays.fill(to, rowCount);
    return new RowGroups(new int[blocks], to, ActiveSet.all(rowCount).indices());
  }

  /// Groups rows `0 … rowCount-1`; `open[row * blocks + block]` says which blocks a row opens.
  public void group(boolean[] open, int rowCount) {
    if (dense) {
      throw new IllegalStateException("dense row groups cannot be regrouped");
    }
    int blocks = from.length;
    int next = 0;
    for (int block = 0; block < blocks; block++) {
      from[block] = next;
      for (int row = 0; row < rowCount; row++) {
        if (open[row * blocks + block]) {
          rows[next++] = row;
        }
      }
      to[block] = next;
    }
  }

  /// Whether made by [#dense], so that all blocks share one list.
  public boolean isDense() {
    return dense;
  }

  public int blocks() {
    return from.length;
  }

  /// Rows that open `block`.
  public int count(int block) {
    return to[block] - from[block];
  }

  /// Where the list of `block` begins in [#rows].
  public int from(int block) {
    return from[block];
  }

  /// Where the list of `block` ends in [#rows], exclusive.
  public int to(int block) {
    return to[block];
  }

  /// The lists of all blocks. Not a copy.
  public int[] rows() {
    return rows;
  }
}
