package dev.sluice.model;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One product bound to its parameters.
///
/// @param weights panels (blocks, inputs, B) in any precision
/// @param bias (storedUnits) f32, padding zero
public record Projection(ProjectionSpec spec, Panels weights, MemorySegment bias) {
  /// In f32.
  public static Projection allocate(Arena arena, ProjectionSpec spec) {
    return new Projection(
        spec,
        Panels.allocate(arena, spec.layout()),
        AlignedMemory.allocateFloats(arena, spec.layout().paddedUnits()));
  }

  public WeightPrecision precision() {
    return weights.layout().precision();
  }

  /// A read-only copy with weights in `precision`, see [Panels#convert]; the bias stays as it is.
  Projection convert(Arena arena, WeightPrecision precision) {
    long biasBytes = (long) spec.layout().storedUnits() * Float.BYTES;
    MemorySegment copy = AlignedMemory.allocate(arena, biasBytes).asSlice(0, biasBytes);
    copy.copyFrom(bias.asSlice(0, biasBytes));
    return new Projection(spec, weights.convert(arena, precision).asReadOnly(), copy.asReadOnly());
  }
}
