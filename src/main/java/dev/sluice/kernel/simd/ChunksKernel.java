package dev.sluice.kernel.simd;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// A row through one block at a time.
interface ChunksKernel {
  /// Adds the sums of the four chunks of `chunkInputs` inputs that begin at input `first`, in ascending order.
  ///
  /// @param open blocks, of which those at positions `from ≤ i < to` are computed
  void addFourChunks(
      Panels w,
      MemorySegment x,
      int first,
      int chunkInputs,
      int[] open,
      int from,
      int to,
      MemorySegment y);
}
