package dev.sluice.model;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A parameter tensor as files and optimisers see it.
///
/// @param name for instance `layers.0.weight`, `layers.0.bias`, `layers.0.gate.1.weight`
/// @param shape (blocks, storedInputs, B) for weights, (storedUnits) for biases; whole cache lines either way
public record NamedTensor(String name, List<Long> shape, MemorySegment segment) {
  public NamedTensor {
    shape = List.copyOf(shape);
  }

  /// Elements, a multiple of 16.
  public long count() {
    long count = 1;
    for (long extent : shape) {
      count = Math.multiplyExact(count, extent);
    }
    return count;
  }
}
