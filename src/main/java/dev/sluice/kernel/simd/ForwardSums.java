package dev.sluice.kernel.simd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The fragment by which a [RowTile] begins its sums: products at 0. The template gets [GradientSums] for gradients.
final class ForwardSums {
  private ForwardSums() {}

  @Inlined
  static FloatVector start(VectorSpecies<Float> floats, MemorySegment y, long at) {
    return FloatVector.zero(floats);
  }
}
