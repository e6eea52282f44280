package dev.sluice.kernel.simd;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Blocks in eights, and what is left of them in pairs of vectors.
record NarrowBlocks(BlocksKernel eights, BlocksKernel pairs) implements BlocksKernel {
  @Override
  public void multiply(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      int[] list,
      int first,
      int end,
      int[] open,
      int from,
      int to,
      MemorySegment y) {
    int rest = from + ((to - from) & -8);
    if (from < rest) {
      eights.multiply(w, bias, x, list, first, end, open, from, rest, y);
    }
    if (rest < to) {
      pairs.multiply(w, bias, x, list, first, end, open, rest, to, y);
    }
  }
}
