package dev.sluice.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A batch of activations: `rows` × `columns` f32, row-major, every row 64-byte aligned and padded with zeros.
///
/// The stride is an odd number of cache lines: with a power of two, a column of blocks would fall into a few sets of
/// the first-level cache and evict itself.
public final class Matrix {
  private final MemorySegment data;
  private final int rows;
  private final int columns;
  private final int strideBytes;

  private Matrix(MemorySegment data, int rows, int columns, int strideBytes) {
    this.data = data;
    this.rows = rows;
    this.columns = columns;
    this.strideBytes = strideBytes;
  }

  /// Zeros; `columns` should count padding to whole blocks. All of it must stay under 2 GiB.
  public static Matrix allocate(Arena arena, int rows, int columns) {
    if (rows < 1 || columns < 0) {
      throw new IllegalArgumentException(
          "matrix shape out of range: rows=" + rows + ", columns=" + columns);
    }
    long lines = Math.max(1, AlignedMemory.alignUp((long) columns * Float.BYTES) / 64) | 1;
    long totalBytes = Math.multiplyExact(rows, lines * 64);
    if (totalBytes > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "matrix exceeds 2 GiB: rows=" + rows + ", columns=" + columns);
    }
    int strideBytes = (int) (lines * 64);
    return new Matrix(AlignedMemory.allocate(arena, totalBytes), rows, columns, strideBytes);
  }

  public MemorySegment data() {
    return data;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public int strideBytes() {
    return strideBytes;
  }

  public int rowOffsetBytes(int row) {
    return row * strideBytes;
  }

  /// A view of one row; allocates, so take it when binding, not per call.
  public MemorySegment row(int row) {
    return data.asSlice(rowOffsetBytes(row), strideBytes);
  }

  public float get(int row, int column) {
    return data.get(AlignedMemory.FLOAT, rowOffsetBytes(row) + (long) column * Float.BYTES);
  }

  public void set(int row, int column, float value) {
    data.set(AlignedMemory.FLOAT, rowOffsetBytes(row) + (long) column * Float.BYTES, value);
  }
}
