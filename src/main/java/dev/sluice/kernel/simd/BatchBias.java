package dev.sluice.kernel.simd;

import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Scale and bias for the sums of one block on listed rows.
interface BatchBias {
  /// @param from positions in `rows`
  void addBias(
      Panels w, MemorySegment unitBias, int block, int[] rows, int from, int to, Matrix output);
}
