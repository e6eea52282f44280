package dev.sluice.model;

import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A parameter tensor as files and optimisers see it.
///
/// @param name for instance `layers.0.weight`, `layers.0.weight.scale`, `layers.0.bias`, `layers.0.gate.1.weight`
/// @param shape (blocks, storedInputs, B) for weights, (storedUnits) for biases and scales; whole cache lines either way
/// @param precision of the elements; biases and scales are f32 whatever the weights are
public record NamedTensor(
    String name, List<Long> shape, WeightPrecision precision, MemorySegment segment) {
  /// Of f32.
  public NamedTensor(String name, List<Long> shape, MemorySegment segment) {
    this(name, shape, WeightPrecision.F32, segment);
  }

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
