package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.FMA;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [UnscaledSums] for weights with a scale per unit, which a sum takes with the bias.
final class ScaledSums {
  private ScaledSums() {}

  @Inlined
  static FloatVector withBias(
      VectorSpecies<Float> floats,
      FloatVector sum,
      MemorySegment scales,
      MemorySegment bias,
      long at) {
    return sum.lanewise(
        FMA,
        FloatVector.fromMemorySegment(floats, scales, at, LITTLE_ENDIAN),
        FloatVector.fromMemorySegment(floats, bias, at, LITTLE_ENDIAN));
  }
}
