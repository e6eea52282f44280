package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [WithBias] for the sums of chunks, which are added to what is there.
final class WithoutBias {
  private WithoutBias() {}

  @Inlined
  static FloatVector end(
      VectorSpecies<Float> floats,
      FloatVector sum,
      MemorySegment scales,
      MemorySegment bias,
      MemorySegment y,
      long at) {
    return FloatVector.fromMemorySegment(floats, y, at, LITTLE_ENDIAN).lanewise(ADD, sum);
  }
}
