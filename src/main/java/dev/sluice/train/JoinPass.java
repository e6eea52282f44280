package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a layer reads if that is not one matrix as it stands: the outputs of several layers side by side, and their gradient taken apart again.
final class JoinPass {
  private final ElementwiseKernels elementwise;
  private final List<Part> parts;
  private final Matrix x;
  private final @Nullable Matrix dx;
  private final Work forward;
  private final Work back;

  /// One of the joined matrices.
  ///
  /// @param dy where its gradient goes, null if it gets none from here
  /// @param clears whether this reader is the first to add to `dy`
  record Part(Matrix y, int columns, @Nullable Matrix dy, boolean clears) {}

  /// @param x (rows, sum of the parts' columns)
  JoinPass(
      Batch batch,
      ElementwiseKernels elementwise,
      List<Part> parts,
      Matrix x,
      @Nullable Matrix dx) {
    this.elementwise = elementwise;
    this.parts = List.copyOf(parts);
    this.x = x;
    this.dx = dx;
    this.forward = batch.rowWork((task, from, to) -> joinRows(from, to));
    this.back = batch.rowWork((task, from, to) -> splitRows(from, to));
  }

  Work forward() {
    return forward;
  }

  /// To be run when [#dx] is complete.
  Work back() {
    return back;
  }

  private void joinRows(int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      long into = x.rowOffsetBytes(row);
      for (Part part : parts) {
        long bytes = (long) part.columns * Float.BYTES;
        MemorySegment.copy(part.y.data(), part.y.rowOffsetBytes(row), x.data(), into, bytes);
        into += bytes;
      }
    }
  }

  private void splitRows(int fromRow, int toRow) {
    if (dx == null) {
      return;
    }
    int column = 0;
    for (Part part : parts) {
      if (part.dy != null) {
        addRows(dx, column, part, part.dy, fromRow, toRow);
      }
      column += part.columns;
    }
  }

  private void addRows(Matrix from, int column, Part part, Matrix into, int fromRow, int toRow) {
    if (part.clears) {
      long offsetBytes = into.rowOffsetBytes(fromRow);
      elementwise.fill(0f, into.data(), offsetBytes, Buffers.floats(into, fromRow, toRow));
    }
    for (int row = fromRow; row < toRow; row++) {
      long source = from.rowOffsetBytes(row) + (long) column * Float.BYTES;
      long target = into.rowOffsetBytes(row);
      for (int index = 0; index < part.columns; index++) {
        long at = target + (long) index * Float.BYTES;
        float sum =
            into.data().get(AlignedMemory.FLOAT, at)
                + from.data().get(AlignedMemory.FLOAT, source + (long) index * Float.BYTES);
        into.data().set(AlignedMemory.FLOAT, at, sum);
      }
    }
  }
}
