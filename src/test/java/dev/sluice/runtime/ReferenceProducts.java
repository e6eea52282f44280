package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.kernel.scalar.ScalarKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;

/// The products of a [ReferenceNetwork], counted one by one.
final class ReferenceProducts {
  static final ElementwiseKernels ELEMENTWISE = new ScalarKernels().elementwise();

  private long products;
  private long paddingProducts;

  void reset() {
    products = 0;
    paddingProducts = 0;
  }

  /// Since the last reset.
  long count() {
    return products;
  }

  /// Those with units that are there only to fill a block.
  long padding() {
    return paddingProducts;
  }

  float[] activated(Projection projection, float[] x, boolean[] read, boolean[] blocks) {
    float[] y = plain(projection, x, read, blocks);
    Activation activation = projection.spec().activation();
    return map(y, z -> ELEMENTWISE.activate(activation, z, 0, y.length, z));
  }

  /// Without activation.
  float[] plain(Projection projection, float[] x, boolean[] read, boolean[] blocks) {
    int blockSize = projection.spec().blockSize();
    float[] y = new float[projection.spec().units()];
    for (int unit = 0; unit < blocks.length * blockSize; unit++) {
      if (!blocks[unit / blockSize]) {
        continue;
      }
      if (unit < y.length) {
        y[unit] = withBias(projection, unit, sum(projection, unit, x, read));
      } else {
        paddingProducts += count(read, projection.spec().inputs());
      }
    }
    return y;
  }

  private float sum(Projection projection, int unit, float[] x, boolean[] read) {
    int inputs = projection.spec().inputs();
    float sum = 0f;
    int input = 0;
    while (input < inputs) {
      int end = SummationOrder.chunkEnd(input, inputs);
      float chunkSum = 0f;
      for (; input < end; input++) {
        if (read[input]) {
          chunkSum = Math.fma(x[input], projection.weights().stored(unit, input), chunkSum);
          products++;
        }
      }
      sum += chunkSum;
    }
    return sum;
  }

  private static float withBias(Projection projection, int unit, float sum) {
    float bias = projection.bias().get(FLOAT, (long) unit * Float.BYTES);
    return projection.precision() == WeightPrecision.INT8
        ? Math.fma(sum, projection.weights().scales().get(FLOAT, 4L * unit), bias)
        : sum + bias;
  }

  private static int count(boolean[] read, int inputs) {
    int count = 0;
    for (int input = 0; input < inputs; input++) {
      count += read[input] ? 1 : 0;
    }
    return count;
  }

  static float[] map(float[] values, Consumer<MemorySegment> operation) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = AlignedMemory.allocateFloats(arena, values.length);
      MemorySegment.copy(values, 0, segment, FLOAT, 0, values.length);
      operation.accept(segment);
      float[] mapped = new float[values.length];
      MemorySegment.copy(segment, FLOAT, 0, mapped, 0, values.length);
      return mapped;
    }
  }

  static boolean[] all(int count) {
    boolean[] all = new boolean[count];
    Arrays.fill(all, true);
    return all;
  }
}
