package dev.sluice.kernel.simd;

import java.lang.foreign.MemorySegment;

/// A few rows by a pair of vectors of units, in registers: the inner loop of products and gradients of batches.
interface RowTile {
  /// `y[r] = Σ_step x[r][step]·w[step]`, or `y[r] +=` it ([FreshSums]), for the rows from `position` on, of which `last` is the last; a tile short of
  /// rows repeats it, which comes to the same.
  ///
  /// @param w0 offset in bytes of the pair's first weights in `panels`
  /// @param steps inputs of a chunk
  /// @param xBytes offset of the first step in a row of `input`
  /// @param yBytes offset of the pair in a row of `output`
  void multiply(
      MemorySegment panels,
      long w0,
      int steps,
      MemorySegment input,
      long xStrideBytes,
      long xBytes,
      int[] rows,
      int position,
      int last,
      MemorySegment output,
      long yStrideBytes,
      long yBytes);
}
