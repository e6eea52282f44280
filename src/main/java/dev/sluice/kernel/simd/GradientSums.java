package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [ForwardSums] for gradients, which add to what is there.
final class GradientSums {
  private GradientSums() {}

  @Inlined
  static FloatVector start(VectorSpecies<Float> floats, MemorySegment y, long at) {
    return FloatVector.fromMemorySegment(floats, y, at, LITTLE_ENDIAN);
  }
}
