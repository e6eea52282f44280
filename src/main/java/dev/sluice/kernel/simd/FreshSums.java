package dev.sluice.kernel.simd;

import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The fragment by which a [RowTile] ends: a chunk's sum, added to +0, replaces what was there. The template gets [AddedSums] where it is to be added.
final class FreshSums {
  private FreshSums() {}

  @Inlined
  static FloatVector finish(
      VectorSpecies<Float> floats, FloatVector sum, MemorySegment y, long at) {
    return FloatVector.zero(floats).lanewise(ADD, sum);
  }
}
