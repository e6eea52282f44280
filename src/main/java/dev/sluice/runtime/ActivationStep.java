package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.Kernels;
import java.lang.foreign.MemorySegment;

/// `y[block] = φ(y[block])` for the open blocks of a product.
final class ActivationStep implements Step {
  private final ElementwiseKernels elementwise;
  private final Activation activation;
  private final int blockSize;
  private final ActiveSet blocks;
  private final MemorySegment y;

  /// @param blocks which blocks ran; the set may change between runs
  ActivationStep(Kernels kernels, ProjectionSpec product, ActiveSet blocks, MemorySegment y) {
    this.elementwise = kernels.elementwise();
    this.activation = product.activation();
    this.blockSize = product.blockSize();
    this.blocks = blocks;
    this.y = y;
  }

  /// Adjacent open blocks share a call, a dense layer needs one.
  @Override
  public void run() {
    int[] open = blocks.indices();
    int count = blocks.count();
    int position = 0;
    while (position < count) {
      int from = position++;
      while (position < count && open[position] == open[position - 1] + 1) {
        position++;
      }
      long offsetBytes = (long) open[from] * blockSize * Float.BYTES;
      elementwise.activate(activation, y, offsetBytes, (position - from) * blockSize, y);
    }
  }
}
