package dev.sluice.kernel.simd;

import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The fragment by which [SimdBlocksMatVec] ends where all inputs are one chunk: sums take scale and bias. A chunk whose products underflow may end
/// at −0, a sum does not, as it starts at +0. The template gets [WithoutBias] for chunks.
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
    FloatVector fromZero = FloatVector.zero(floats).lanewise(ADD, sum);
    return UnscaledSums.withBias(floats, fromZero, scales, bias, at);
  }
}
