package dev.sluice.kernel;

import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Gradients of a product's parameters, for panels of one block size `B`.
///
/// All segments are off-heap, vectors 64-byte aligned and padded to whole blocks; outputs overlap no
/// input. Arguments are trusted: shapes are proven where a model is bound. Implementations are stateless and thread-safe.
public interface WeightGradKernels {
  /// Gradient of one block's weights and bias, overwritten: `dw[b][k][l] = Σ_r x[r][k]·dy[r][b·B+l]`, `dbias[b·B+l] = Σ_r dy[r][b·B+l]`
  /// over the rows of group `b`, one accumulator from +0 in ascending row. MACs: `groups.count(block) · B · in`.
  void weightGrad(Matrix x, Matrix dy, RowGroups groups, int block, Panels dw, MemorySegment dbias);
}
