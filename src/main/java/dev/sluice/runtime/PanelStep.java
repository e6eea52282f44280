package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.model.Projection;
import java.lang.foreign.MemorySegment;

/// One product, `z[block] = bias + Σ over inputs x[k]·w[k]` for the open blocks; closed blocks of `z` keep what an earlier row left
/// there.
final class PanelStep implements Step {
  private final MatVecKernels matVec;
  private final Panels weights;
  private final MemorySegment bias;
  private final MemorySegment x;
  private final ReadInputs inputs;
  private final ActiveSet blocks;
  private final MemorySegment z;

  /// @param inputs which of `x` is read; may change between runs
  /// @param blocks which blocks run; the set may change between runs
  PanelStep(
      Kernels kernels,
      Projection projection,
      MemorySegment x,
      ReadInputs inputs,
      ActiveSet blocks,
      MemorySegment z) {
    this.weights = projection.weights();
    PanelLayout layout = weights.layout();
    this.matVec = kernels.matVec(layout.blockSize(), layout.precision());
    this.bias = projection.bias();
    this.x = x;
    this.inputs = inputs;
    this.blocks = blocks;
    this.z = z;
  }

  @Override
  public void run() {
    ActiveSet read = inputs.chosen();
    if (read.isFull()) {
      matVec.gatedMatVec(weights, bias, x, blocks, z);
    } else {
      matVec.gatedMatVec(weights, bias, x, read, blocks, z);
    }
  }
}
