package dev.sluice.kernel.simd;

import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// What comes before and after the sums of one block on listed rows.
interface BatchEnds {
  /// Zeros.
  ///
  /// @param from positions in `rows`
  void clear(int block, int[] rows, int from, int to, Matrix output);

  /// Scale and bias.
  ///
  /// @param from positions in `rows`
  void addBias(
      Panels w, MemorySegment unitBias, int block, int[] rows, int from, int to, Matrix output);
}
