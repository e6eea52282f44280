package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Some rows of another dataset, in a given order; no feature is copied.
public final class DatasetView extends ForwardingDataset {
  private final String name;
  private final int[] sourceRows;
  private volatile @Nullable String contentHash;

  private DatasetView(String name, Dataset source, int[] sourceRows) {
    super(source);
    this.name = name;
    this.sourceRows = sourceRows;
  }

  /// View of `rows` of `dataset`: row `i` of the view is row `rows[i]`. A row may be given twice.
  public static DatasetView of(String name, Dataset dataset, int[] rows) {
    int[] sourceRows = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      RowChecks.row(rows[i], dataset.rows());
      sourceRows[i] = rows[i];
    }
    return new DatasetView(name, dataset, sourceRows);
  }

  /// View of the `count` rows from `first` on.
  public static DatasetView range(String name, Dataset dataset, int first, int count) {
    if (first < 0 || count < 0 || first > dataset.rows() - count) {
      throw new IndexOutOfBoundsException(
          "rows out of range: first=" + first + ", count=" + count + ", rows=" + dataset.rows());
    }
    int[] sourceRows = new int[count];
    for (int i = 0; i < count; i++) {
      sourceRows[i] = first + i;
    }
    return new DatasetView(name, dataset, sourceRows);
  }

  /// Row of the source that `row` shows.
  public int sourceRow(int row) {
    RowChecks.row(row, sourceRows.length);
    return sourceRows[row];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rows() {
    return sourceRows.length;
  }

  @Override
  public void copyFeatures(int row, MemorySegment destination, long offsetBytes) {
    source.copyFeatures(sourceRow(row), destination, offsetBytes);
  }

  @Override
  public int label(int row) {
    return source.label(sourceRow(row));
  }

  @Override
  public void copyTargets(int row, float[] destination) {
    source.copyTargets(sourceRow(row), destination);
  }

  /// Hash of the line `view SOURCE-HASH` and the source rows (i32).
  @Override
  public String contentHash() {
    String hash = contentHash;
    if (hash == null) {
      hash = new ContentHash("view " + source.contentHash()).add(sourceRows).hex();
      contentHash = hash;
    }
    return hash;
  }
}
