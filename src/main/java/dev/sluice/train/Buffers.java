package dev.sluice.train;

import dev.sluice.memory.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Matrices of one width: equal strides, so that a range of rows is one run of memory at one offset in all of them.
final class Buffers {
  private Buffers() {}

  /// Whole [ProductPass#INPUT_BLOCK]s, which the gradient of inputs is made in; blocks of units divide it or are a multiple.
  static Matrix allocate(Arena arena, int rows, int columns) {
    int wide = Math.ceilDiv(columns, ProductPass.INPUT_BLOCK) * ProductPass.INPUT_BLOCK;
    return Matrix.allocate(arena, rows, wide);
  }

  /// Floats from one row to the end of another, padding between rows included.
  static int floats(Matrix matrix, int fromRow, int toRow) {
    return (toRow - fromRow) * (matrix.strideBytes() / Float.BYTES);
  }

  static void copyRows(Matrix from, Matrix to, int fromRow, int toRow) {
    long offsetBytes = from.rowOffsetBytes(fromRow);
    long bytes = (long) (toRow - fromRow) * from.strideBytes();
    MemorySegment.copy(from.data(), offsetBytes, to.data(), offsetBytes, bytes);
  }
}
