package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [FreshSums] for sums that are added to what is there.
final class AddedSums {
  private AddedSums() {}

  @Inlined
  static FloatVector finish(
      VectorSpecies<Float> floats, FloatVector sum, MemorySegment y, long at) {
    return FloatVector.fromMemorySegment(floats, y, at, LITTLE_ENDIAN).lanewise(ADD, sum);
  }
}
