package dev.sluice.kernel.simd;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// One way of multiplying a row.
interface RowKernel {
  /// @param list of inputs, or nothing where all are taken
  /// @param count inputs to be taken
  /// @param open blocks, of which those at positions `from ≤ i < to` are computed
  void multiply(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      int[] list,
      int count,
      int[] open,
      int from,
      int to,
      MemorySegment y);
}
