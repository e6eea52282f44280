package dev.sluice.runtime;

import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One product block by block, each for the rows that open it; blocks that a row closes are 0 for that row.
final class BatchGroupedProductStep implements BatchStep {
  private final MatMulKernels matMul;
  private final Projection projection;
  private final Matrix x;
  private final RowGroups groups;
  private final Matrix z;
  private final MemorySegment zeroRow;

  /// @param x (rows, inputs)
  /// @param z (rows, units)
  BatchGroupedProductStep(
      Kernels kernels, Projection projection, Matrix x, RowGroups groups, Matrix z, Arena arena) {
    PanelLayout layout = projection.weights().layout();
    this.matMul = kernels.matMul(layout.blockSize(), layout.precision());
    this.projection = projection;
    this.x = x;
    this.groups = groups;
    this.z = z;
    this.zeroRow = AlignedMemory.allocate(arena, z.strideBytes());
  }

  @Override
  public void run(int rows) {
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(zeroRow, 0, z.data(), z.rowOffsetBytes(row), z.strideBytes());
    }
    for (int block = 0; block < groups.blocks(); block++) {
      if (groups.count(block) > 0) {
        runBlock(block);
      }
    }
  }

  private void runBlock(int block) {
    int from = groups.from(block);
    int to = groups.to(block);
    matMul.gatedMatMul(projection.weights(), projection.bias(), x, groups, block, from, to, z);
  }
}
