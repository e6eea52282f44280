package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;

/// The operations put together of loops. Functions built on the exponential take whole vectors, and [ScalarMath] for what is left: rows
/// shorter than a vector, as the scores of ten classes are, meet no vector code, which would have to be compiled for a loop that never
/// turns.
final class SimdElementwise implements ElementwiseKernels {
  private final ElementwiseLoops loops;
  private final ExponentialLoops exponentials;
  private final int vectorBytes;

  /// @param vectorBytes of what `exponentials` has
  SimdElementwise(ElementwiseLoops loops, ExponentialLoops exponentials, int vectorBytes) {
    this.loops = loops;
    this.exponentials = exponentials;
    this.vectorBytes = vectorBytes;
  }

  @Override
  public void activate(
      Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    switch (activation) {
      case RELU -> loops.relu(z, offsetBytes, bytes, y);
      case GELU -> gelu(z, offsetBytes, bytes, y);
      case TANH -> tanh(z, offsetBytes, bytes, y);
      case IDENTITY -> MemorySegment.copy(z, offsetBytes, y, offsetBytes, bytes);
    }
  }

  private void gelu(MemorySegment input, long base, int bytes, MemorySegment output) {
    MemorySegment z = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      exponentials.gelu(z, base, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, ScalarMath.gelu(z.get(FLOAT, base + i)));
    }
  }

  private void tanh(MemorySegment input, long base, int bytes, MemorySegment output) {
    MemorySegment z = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      exponentials.tanh(z, base, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, ScalarMath.tanh(z.get(FLOAT, base + i)));
    }
  }

  @Override
  public void activationGrad(
      Activation activation,
      MemorySegment dy,
      MemorySegment z,
      MemorySegment y,
      long offsetBytes,
      int count,
      MemorySegment dz) {
    int bytes = bytes(count);
    switch (activation) {
      case RELU -> loops.reluGrad(dy, z, offsetBytes, bytes, dz);
      case GELU -> geluGrad(dy, z, offsetBytes, bytes, dz);
      case TANH -> loops.tanhGrad(dy, y, offsetBytes, bytes, dz);
      case IDENTITY -> MemorySegment.copy(dy, offsetBytes, dz, offsetBytes, bytes);
    }
  }

  private void geluGrad(
      MemorySegment outputGrad,
      MemorySegment input,
      long base,
      int bytes,
      MemorySegment inputGrad) {
    MemorySegment dy = OffHeap.of(outputGrad);
    MemorySegment z = OffHeap.of(input);
    MemorySegment dz = OffHeap.of(inputGrad);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      exponentials.geluGrad(dy, z, base, vectorEnd, dz);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.geluGrad(dy.get(FLOAT, base + i), z.get(FLOAT, base + i));
      dz.set(FLOAT, base + i, slope);
    }
  }

  @Override
  public void sigmoid(MemorySegment input, long offsetBytes, int count, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    int bytes = bytes(count);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      exponentials.sigmoid(x, offsetBytes, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, ScalarMath.sigmoid(x.get(FLOAT, offsetBytes + i)));
    }
  }

  @Override
  public void exp(MemorySegment input, long offsetBytes, int count, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    int bytes = bytes(count);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      exponentials.exp(x, offsetBytes, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, ScalarMath.exp(x.get(FLOAT, offsetBytes + i)));
    }
  }

  @Override
  public void multiply(
      MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y) {
    loops.multiply(a, b, offsetBytes, bytes(count), y);
  }

  @Override
  public void addScaled(
      float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    loops.addScaled(scale, x, offsetBytes, bytes(count), y);
  }

  @Override
  public void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    loops.scale(scale, x, offsetBytes, bytes(count), y);
  }

  @Override
  public void fill(float value, MemorySegment y, long offsetBytes, int count) {
    loops.fill(value, y, offsetBytes, bytes(count));
  }

  @Override
  public double sumOfSquares(MemorySegment x, long offsetBytes, int count) {
    return loops.sumOfSquares(x, offsetBytes, bytes(count));
  }

  @Override
  public void softmaxInPlace(MemorySegment scores, long offsetBytes, int count) {
    MemorySegment logits = OffHeap.of(scores);
    int bytes = bytes(count);
    softmax(logits, offsetBytes, bytes, loops.max(logits, offsetBytes, bytes));
  }

  @Override
  public float softmaxAndLogSumInPlace(MemorySegment scores, long offsetBytes, int count) {
    MemorySegment logits = OffHeap.of(scores);
    int bytes = bytes(count);
    float max = loops.max(logits, offsetBytes, bytes);
    return ScalarMath.logSumExp(max, softmax(logits, offsetBytes, bytes, max));
  }

  /// @return sum of the exponentials
  private float softmax(MemorySegment logits, long offsetBytes, int bytes, float max) {
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      exponentials.expShifted(logits, max, offsetBytes, vectorEnd, logits);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      long at = offsetBytes + i;
      logits.set(FLOAT, at, ScalarMath.exp(logits.get(FLOAT, at) - max));
    }
    float sum = 0f;
    for (int i = 0; i < bytes; i += Float.BYTES) {
      sum += logits.get(FLOAT, offsetBytes + i);
    }
    loops.divide(logits, offsetBytes, bytes, sum);
    return sum;
  }

  /// Counts of 2 GiB and more are for the caller to cut.
  private static int bytes(int count) {
    return Math.multiplyExact(count, Float.BYTES);
  }
}
