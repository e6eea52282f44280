package dev.sluice.kernel.simd;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// A row through several blocks at a time.
interface BlocksKernel {
  /// @param list of inputs, or nothing where all are taken
  /// @param first position in `list`, or input, where to begin; `end` likewise
  /// @param open blocks, of which those at positions `from ≤ i < to` are computed
  void multiply(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      int[] list,
      int first,
      int end,
      int[] open,
      int from,
      int to,
      MemorySegment y);
}
