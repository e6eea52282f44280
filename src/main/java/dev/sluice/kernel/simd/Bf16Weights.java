package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// [F32Weights] for bf16: a word of 32 bits holds two weights, each the upper half of an f32. C2 makes one load of both.
final class Bf16Weights {
  private static final int UPPER_HALF = 0xFFFF0000;

  private Bf16Weights() {}

  @Inlined
  static FloatVector lower(
      VectorSpecies<Float> floats,
      VectorSpecies<Integer> ints,
      VectorSpecies<Byte> bytes,
      MemorySegment panel,
      long at) {
    return IntVector.fromMemorySegment(ints, panel, at, LITTLE_ENDIAN)
        .lanewise(LSHL, Short.SIZE)
        .reinterpretAsFloats();
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
    return IntVector.fromMemorySegment(ints, panel, at, LITTLE_ENDIAN)
        .lanewise(AND, UPPER_HALF)
        .reinterpretAsFloats();
  }
}
