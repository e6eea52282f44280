package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The fragment by which templates read weights: how a pair of vectors of units comes from the stored row of an input. This one for
/// f32; templates name it and get the variant of their precision.
final class F32Weights {
  private F32Weights() {}

  /// The pair's first vector.
  ///
  /// @param floats vectors of units
  /// @param ints as many 32-bit words
  /// @param bytes as many bytes, or twice as many where there is no such vector
  /// @param at offset in bytes of the pair in `panel`
  @Inlined
  static FloatVector lower(
      VectorSpecies<Float> floats,
      VectorSpecies<Integer> ints,
      VectorSpecies<Byte> bytes,
      MemorySegment panel,
      long at) {
    return FloatVector.fromMemorySegment(floats, panel, at, LITTLE_ENDIAN);
  }

  /// The pair's second vector.
  ///
  /// @param upperBytes from the offset of the pair to that of its second vector
  /// @param upperPart which part of a vector of `bytes` it is
  @Inlined
  static FloatVector upper(
      VectorSpecies<Float> floats,
      VectorSpecies<Integer> ints,
      VectorSpecies<Byte> bytes,
      MemorySegment panel,
      long at,
      int upperBytes,
      int upperPart) {
    return FloatVector.fromMemorySegment(floats, panel, at + upperBytes, LITTLE_ENDIAN);
  }
}
