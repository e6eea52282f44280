package dev.sluice.kernel;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// One row through a product, open blocks only, for panels of one block size `B`.
///
/// Sums follow [SummationOrder]; for weights with scales `y = fma(sum, scale, bias)`. All segments are off-heap, vectors 64-byte aligned and padded to whole blocks; outputs overlap no
/// input. Arguments are trusted: shapes are proven where a model is bound. Implementations are stateless and thread-safe.
public interface MatVecKernels {
  /// One row, all inputs: `y[b·B+l] = bias[b·B+l] + sum(0 ≤ k < in) x[k]·w[b][k][l]` for every block `b` in `blocks`; other
  /// blocks of `y` stay as they are. MACs: `blocks.count() · B · in`.
  ///
  /// @param w panels (blocks, storedInputs, B)
  /// @param bias (blocks·B)
  /// @param x (in)
  /// @param y (blocks·B)
  void gatedMatVec(
      Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y);

  /// The same with the sum over `inputs` alone; others count as zero and are not read.
  /// MACs: `blocks.count() · B · inputs.count()`.
  void gatedMatVec(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet inputs,
      ActiveSet blocks,
      MemorySegment y);

  /// Runs the loops of a product on operands that may be far smaller than the ones such loops are for, so that the JIT gets to know them soon; what is
  /// left in `y` means nothing.
  ///
  /// @param isCut the loops for products that are cut into chunks, see [SummationOrder#isCut]
  /// @param isListed those for listed inputs
  /// @param inputs to be read where they are listed
  default void rehearse(
      boolean isCut,
      boolean isListed,
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet inputs,
      ActiveSet blocks,
      MemorySegment y) {
    if (isListed) {
      gatedMatVec(w, bias, x, inputs, blocks, y);
    } else {
      gatedMatVec(w, bias, x, blocks, y);
    }
  }
}
