package dev.sluice.benchmark;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SplittableRandom;

/// Seeded weights, inputs and active sets: the same in every fork and for every runtime.
final class RandomValues {
  private static final double BIAS_DEVIATION = 0.1;

  private final SplittableRandom random;

  RandomValues(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /// A model in memory of its own. Weights of a product have the variance 2/in (He et al. 2015), so that no layer fades out or
  /// overflows.
  Model model(ModelSpec spec) {
    Arena arena = Arena.ofShared();
    Weights weights = Weights.allocate(arena, spec);
    weights
        .layers()
        .forEach(
            layer -> {
              fill(layer.projection());
              layer.gate().forEach(this::fill);
            });
    return new Model(spec, weights, Map.of(), arena);
  }

  private void fill(Projection projection) {
    fill(projection.weights());
    fill(projection.bias(), projection.spec().units(), BIAS_DEVIATION);
  }

  void fill(Panels panels) {
    int inputs = panels.layout().inputs();
    double deviation = Math.sqrt(2.0 / inputs);
    for (int unit = 0; unit < panels.layout().units(); unit++) {
      for (int input = 0; input < inputs; input++) {
        panels.set(unit, input, (float) (deviation * random.nextGaussian()));
      }
    }
  }

  void fill(Matrix matrix, int columns) {
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < columns; column++) {
        matrix.set(row, column, (float) random.nextGaussian());
      }
    }
  }

  void fill(MemorySegment vector, int count, double deviation) {
    for (int index = 0; index < count; index++) {
      float value = (float) (deviation * random.nextGaussian());
      vector.set(FLOAT, (long) index * Float.BYTES, value);
    }
  }

  float[] normal(int count) {
    float[] values = new float[count];
    for (int index = 0; index < count; index++) {
      values[index] = (float) random.nextGaussian();
    }
    return values;
  }

  /// `density · capacity` indices, rounded, at least one; every choice is equally likely.
  ActiveSet activeSet(int capacity, double density) {
    int missing = Math.max(1, (int) Math.round(density * capacity));
    ActiveSet set = new ActiveSet(capacity);
    for (int index = 0; index < capacity; index++) {
      if (random.nextInt(capacity - index) < missing) {
        set.add(index);
        missing--;
      }
    }
    return set;
  }
}
