package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Matrix;

/// `y = φ(y)` for the blocks that each row opens.
final class BatchGroupedActivationStep implements BatchStep {
  private final ElementwiseKernels elementwise;
  private final Activation activation;
  private final BatchGate gate;
  private final int blocks;
  private final int blockBytes;
  private final int blockSize;
  private final Matrix y;

  /// @param y (rows, units)
  BatchGroupedActivationStep(Kernels kernels, ProjectionSpec product, BatchGate gate, Matrix y) {
    this.elementwise = kernels.elementwise();
    this.activation = product.activation();
    this.gate = gate;
    this.blocks = product.layout().blocks();
    this.blockSize = product.blockSize();
    this.blockBytes = blockSize * Float.BYTES;
    this.y = y;
  }

  @Override
  public void run(int rows) {
    for (int row = 0; row < rows; row++) {
      activateOpenBlocks(row);
    }
  }

  /// Adjacent open blocks share a call.
  private void activateOpenBlocks(int row) {
    int block = 0;
    while (block < blocks) {
      int from = block;
      while (block < blocks && gate.isOpen(row, block)) {
        block++;
      }
      if (block > from) {
        long offsetBytes = y.rowOffsetBytes(row) + (long) from * blockBytes;
        int count = (block - from) * blockSize;
        elementwise.activate(activation, y.data(), offsetBytes, count, y.data());
      }
      block++;
    }
  }
}
