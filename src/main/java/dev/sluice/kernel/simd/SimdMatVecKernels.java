package dev.sluice.kernel.simd;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Products of one row.
///
/// @param chunks several chunks of one block side by side, where inputs are cut into chunks
/// @param blocks several blocks side by side, where they are not
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
    boolean isCut = SummationOrder.chunks(inputs) >= SummationOrder.SIDE_BY_SIDE;
    int sideBySide = !isCut ? count : blocksFirst ? count & -4 : 0;
    if (sideBySide > 0) {
      blocks.multiply(w, bias, x, NO_LIST, inputs, open.indices(), 0, sideBySide, y);
    }
    if (sideBySide < count) {
      chunks.multiply(w, bias, x, NO_LIST, inputs, open.indices(), sideBySide, count, y);
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
