package dev.sluice.kernel.simd;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// What comes before and after the sums of one row's open blocks, where inputs are cut into chunks.
interface RowEnds {
  /// Zeros.
  void clear(int[] open, int count, MemorySegment y);

  /// Scale and bias.
  void addBias(Panels w, MemorySegment bias, int[] open, int count, MemorySegment y);
}
