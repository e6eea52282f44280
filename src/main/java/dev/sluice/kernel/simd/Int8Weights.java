package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [F32Weights] for int8: widened exactly.
final class Int8Weights {
  private Int8Weights() {}

  @Inlined
  static FloatVector lower(
      VectorSpecies<Float> floats,
      VectorSpecies<Integer> ints,
      VectorSpecies<Byte> bytes,
      MemorySegment panel,
      long at) {
    return (FloatVector)
        ByteVector.fromMemorySegment(bytes, panel, at, LITTLE_ENDIAN).convertShape(B2F, floats, 0);
  }

  @Inlined
  static FloatVector upper(
      VectorSpecies<Float> floats,
      VectorSpecies<Integer> ints,
      VectorSpecies<Byte> bytes,
      MemorySegment panel,
      long at,
      int upperBytes,
      int upperPart) {
    return (FloatVector)
        ByteVector.fromMemorySegment(bytes, panel, at + upperBytes, LITTLE_ENDIAN)
            .convertShape(B2F, floats, upperPart);
  }
}
