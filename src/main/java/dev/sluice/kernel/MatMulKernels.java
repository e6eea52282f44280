package dev.sluice.kernel;

import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// A batch through a product and back, for panels of one block size `B`.
///
/// Sums follow [SummationOrder]; for weights with scales `y = fma(sum, scale, bias)`. All segments are off-heap, vectors 64-byte aligned and padded to whole blocks; outputs overlap no
/// input. Arguments are trusted: shapes are proven where a model is bound. Implementations are stateless and thread-safe.
public interface MatMulKernels {
  /// A batch, one block: `y[r][b·B+l] = bias[b·B+l] + sum(0 ≤ k < in) x[r][k]·w[b][k][l]` for the rows `r` listed at
  /// positions `from ≤ i < to` of `groups.rows()`, which must lie within the group of `block`; all else of `y` stays. Calls for
  /// different blocks or positions may run at the same time. MACs: `(to - from) · B · in`.
  ///
  /// @param x (rows, in)
  /// @param y (rows, blocks·B)
  void gatedMatMul(
      Panels w,
      MemorySegment bias,
      Matrix x,
      RowGroups groups,
      int block,
      int from,
      int to,
      Matrix y);

  /// Gradient of the inputs, one block of inputs: `dx[r][i] += Σ_u dy[r][u]·wᵀ[inputBlock][u][i]` over the units `u` of the blocks
  /// that row `r` opens. Where all rows open all blocks ([RowGroups#isDense]) the sum over all units follows [SummationOrder], but starts at `dx`;
  /// elsewhere each block is one chunk.
  /// `B` is the block size of the transposed panels. Rows outside `fromRow ≤ r < toRow` are left alone.
  ///
  /// @param transposed panels (inputs/B, units, B), see [Panels#transposeInto]
  /// @param dy (rows, units)
  /// @param groups which rows open each block of units
  /// @param unitBlockSize B′, block size of the forward panels
  /// @param dx (rows, inputs)
  void inputGrad(
      Panels transposed,
      Matrix dy,
      RowGroups groups,
      int unitBlockSize,
      int inputBlock,
      int fromRow,
      int toRow,
      Matrix dx);

  /// How many rows are computed for a call with `rows` of them: implementations that take several at a time may compute a last one more than once.
  ///
  /// @param addsSums for [#inputGrad], and for [#gatedMatMul] of a product that is cut into chunks; false for other products
  default int rowsComputed(int rows, boolean addsSums) {
    return rows;
  }

  /// Runs the loops of [#gatedMatMul] on operands that may be far smaller than the ones such loops are for, so that the JIT gets to know them
  /// soon; what is left in `y` means nothing.
  ///
  /// @param isCut the loops for products that are cut into chunks, see [SummationOrder#isCut]
  default void rehearse(
      boolean isCut,
      Panels w,
      MemorySegment bias,
      Matrix x,
      RowGroups groups,
      int block,
      int from,
      int to,
      Matrix y) {
    gatedMatMul(w, bias, x, groups, block, from, to, y);
  }
}
