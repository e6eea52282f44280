package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The fragment by which a sum becomes an output. The template gets [ScaledSums] where weights carry scales.
final class UnscaledSums {
  private UnscaledSums() {}

  /// A sum with its bias.
  ///
  /// @param at offset in bytes of the units among all
  @Inlined
  static FloatVector withBias(
      VectorSpecies<Float> floats,
      FloatVector sum,
      MemorySegment scales,
      MemorySegment bias,
      long at) {
    return sum.lanewise(ADD, FloatVector.fromMemorySegment(floats, bias, at, LITTLE_ENDIAN));
  }
}
