package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;

/// The vectors of one row on its way through a network: a single allocation cut into slices that
/// begin on cache lines and hold whole blocks.
///
/// ```
/// ├ input (inputs)
/// ├ layer 0: gate product 0 (storedUnits) … gate product g-1, output (storedUnits)
/// ├ layer 1: …
/// ```
final class Workspace {
  private final MemorySegment input;
  private final List<List<MemorySegment>> gates = new ArrayList<>();
  private final List<MemorySegment> outputs = new ArrayList<>();

  Workspace(Arena arena, ModelSpec spec) {
    SegmentAllocator slices =
        SegmentAllocator.slicingAllocator(AlignedMemory.allocate(arena, totalBytes(spec)));
    this.input = slice(slices, spec.inputs());
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      gates.add(
          spec.gateProjections(layer).stream()
              .map(projection -> slice(slices, projection.layout().storedUnits()))
              .toList());
      outputs.add(slice(slices, spec.projection(layer).layout().storedUnits()));
    }
  }

  static long totalBytes(ModelSpec spec) {
    long bytes = sliceBytes(spec.inputs());
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      for (ProjectionSpec projection : spec.gateProjections(layer)) {
        bytes += sliceBytes(projection.layout().storedUnits());
      }
      bytes += sliceBytes(spec.projection(layer).layout().storedUnits());
    }
    return bytes;
  }

  private static long sliceBytes(int floats) {
    return AlignedMemory.alignUp((long) floats * Float.BYTES);
  }

  private static MemorySegment slice(SegmentAllocator slices, int floats) {
    return slices.allocate(sliceBytes(floats), AlignedMemory.ALIGNMENT_BYTES);
  }

  MemorySegment input() {
    return input;
  }

  /// What layer `layer` reads.
  MemorySegment layerInput(int layer) {
    return layer == 0 ? input : outputs.get(layer - 1);
  }

  MemorySegment gate(int layer, int index) {
    return gates.get(layer).get(index);
  }

  MemorySegment output(int layer) {
    return outputs.get(layer);
  }

  /// The last layer's output.
  MemorySegment answer() {
    return outputs.getLast();
  }
}
