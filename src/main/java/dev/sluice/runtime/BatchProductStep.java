package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.Projection;

/// One product whose open blocks are the same for all rows; other blocks of `z` are left alone.
final class BatchProductStep implements BatchStep {
  private final MatMulKernels matMul;
  private final Projection projection;
  private final Matrix x;
  private final ActiveSet blocks;
  private final RowGroups allRows;
  private final Matrix z;

  /// @param x (rows, inputs)
  /// @param z (rows, units)
  BatchProductStep(Kernels kernels, Projection projection, Matrix x, ActiveSet blocks, Matrix z) {
    PanelLayout layout = projection.weights().layout();
    this.matMul = kernels.matMul(layout.blockSize(), layout.precision());
    this.projection = projection;
    this.x = x;
    this.blocks = blocks;
    this.allRows = RowGroups.dense(blocks.capacity(), x.rows());
    this.z = z;
  }

  @Override
  public void run(int rows) {
    for (int position = 0; position < blocks.count(); position++) {
      int block = blocks.index(position);
      matMul.gatedMatMul(projection.weights(), projection.bias(), x, allRows, block, 0, rows, z);
    }
  }
}
