package dev.sluice.kernel.simd;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Products of one row.
///
/// @param chunks several chunks of one block side by side
/// @param blocks several blocks side by side
/// @param listed the same for listed inputs, whose chunks differ in length
/// @param blocksFirst whether blocks go side by side where four are left: long rows of narrow weights come from memory faster from several far
///     places than from several near ones, rows of f32 the other way round (measured)
record SimdMatVecKernels(RowKernel chunks, RowKernel blocks, RowKernel listed, boolean blocksFirst)
    implements MatVecKernels {
  private static final int[] NO_LIST = {};

  @Override
  public void gatedMatVec(
      Panels w, MemorySegment bias, MemorySegment x, ActiveSet open, MemorySegment y) {
    int inputs = w.layout().inputs();
    int count = open.count();
    int inFours = blocksFirst ? count & -4 : 0;
    if (inFours > 0) {
      blocks.multiply(w, bias, x, NO_LIST, inputs, open.indices(), 0, inFours, y);
    }
    if (inFours < count) {
      chunks.multiply(w, bias, x, NO_LIST, inputs, open.indices(), inFours, count, y);
    }
  }

  @Override
  public void gatedMatVec(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet inputs,
      ActiveSet open,
      MemorySegment y) {
    int[] list = inputs.indices();
    listed.multiply(w, bias, x, list, inputs.count(), open.indices(), 0, open.count(), y);
  }
}
