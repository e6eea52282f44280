package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;

/// Softmax put together of loops as [SimdElementwise] is.
record SimdSoftmax(ElementwiseLoops loops, ExponentialLoops exponentials, int vectorBytes) {
  /// Returns the logarithm of the sum of the exponentials.
  float inPlace(MemorySegment scores, long base, int bytes) {
    MemorySegment logits = OffHeap.of(scores);
    float max = max(logits, base, bytes);
    expShifted(logits, max, base, bytes);
    float sum = 0f;
    for (int i = 0; i < bytes; i += Float.BYTES) {
      sum += logits.get(FLOAT, base + i);
    }
    divide(logits, base, bytes, sum);
    return ScalarMath.logSumExp(max, sum);
  }

  private float max(MemorySegment x, long base, int bytes) {
    int vectorEnd = bytes & -vectorBytes;
    float max = vectorEnd > 0 ? loops.max(x, base, vectorEnd) : Float.NEGATIVE_INFINITY;
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      max = Math.max(max, x.get(FLOAT, base + i));
    }
    return max;
  }

  private void expShifted(MemorySegment x, float shift, long base, int bytes) {
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      exponentials.expShifted(x, shift, base, vectorEnd, x);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      x.set(FLOAT, base + i, ScalarMath.exp(x.get(FLOAT, base + i) - shift));
    }
  }

  private void divide(MemorySegment x, long base, int bytes, float divisor) {
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      loops.divide(x, base, vectorEnd, divisor);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      x.set(FLOAT, base + i, x.get(FLOAT, base + i) / divisor);
    }
  }
}
