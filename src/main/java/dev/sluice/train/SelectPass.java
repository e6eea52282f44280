package dev.sluice.train;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;

/// The selected features of a batch's rows, side by side.
final class SelectPass {
  private final Matrix features;
  private final int[] indices;
  private final Matrix x;
  private final Work forward;

  /// @param x (rows, indices)
  SelectPass(Batch batch, Matrix features, int[] indices, Matrix x) {
    this.features = features;
    this.indices = indices;
    this.x = x;
    this.forward = batch.rowWork((task, from, to) -> selectRows(from, to));
  }

  Work forward() {
    return forward;
  }

  private void selectRows(int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      long from = features.rowOffsetBytes(row);
      long into = x.rowOffsetBytes(row);
      for (int position = 0; position < indices.length; position++) {
        float value =
            features.data().get(AlignedMemory.FLOAT, from + (long) indices[position] * Float.BYTES);
        x.data().set(AlignedMemory.FLOAT, into + (long) position * Float.BYTES, value);
      }
    }
  }
}
