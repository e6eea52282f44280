package dev.sluice.kernel.simd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The fragment by which [SimdBlocksMatVec] ends where all inputs are one chunk: sums take scale and bias. The template gets [WithoutBias] for chunks.
final class WithBias {
  private WithBias() {}

  @Inlined
  static FloatVector end(
      VectorSpecies<Float> floats,
      FloatVector sum,
      MemorySegment scales,
      MemorySegment bias,
      MemorySegment y,
      long at) {
    return F32Weights.withBias(floats, sum, scales, bias, at);
  }
}
