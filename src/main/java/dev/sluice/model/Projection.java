package dev.sluice.model;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One product bound to its parameters.
///
/// @param weights panels (blocks, inputs, B)
/// @param bias (storedUnits), padding zero
public record Projection(ProjectionSpec spec, Panels weights, MemorySegment bias) {
  public static Projection allocate(Arena arena, ProjectionSpec spec) {
    return new Projection(
        spec,
        Panels.allocate(arena, spec.layout()),
        AlignedMemory.allocateFloats(arena, spec.layout().paddedUnits()));
  }
}
