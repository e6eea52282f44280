package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;

/// The operations put together of loops over whole vectors; what does not fill one goes through [ScalarMath] or its like, as masks are slow on
/// machines without mask registers. The two meet here and not in one method: rows shorter than a vector, as the scores of ten classes are, meet no
/// vector code, and the JIT does not compile a loop anew when rows of another length show it another part of the method.
final class SimdElementwise implements ElementwiseKernels {
  private final ElementwiseLoops loops;
  private final ExponentialLoops exponentials;
  private final SimdSoftmax softmax;
  private final int vectorBytes;

  /// @param vectorBytes of both kinds of loops
  SimdElementwise(ElementwiseLoops loops, ExponentialLoops exponentials, int vectorBytes) {
    this.loops = loops;
    this.exponentials = exponentials;
    this.softmax = new SimdSoftmax(loops, exponentials, vectorBytes);
    this.vectorBytes = vectorBytes;
  }

  @Override
  public void activate(
      Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    switch (activation) {
      case RELU -> relu(z, offsetBytes, bytes, y);
      case GELU -> gelu(z, offsetBytes, bytes, y);
      case TANH -> tanh(z, offsetBytes, bytes, y);
      case IDENTITY -> MemorySegment.copy(z, offsetBytes, y, offsetBytes, bytes);
    }
  }

  private void relu(MemorySegment input, long base, int bytes, MemorySegment output) {
    MemorySegment z = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      loops.relu(z, base, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, ScalarMath.relu(z.get(FLOAT, base + i)));
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
      case RELU -> reluGrad(dy, z, offsetBytes, bytes, dz);
      case GELU -> geluGrad(dy, z, offsetBytes, bytes, dz);
      case TANH -> tanhGrad(dy, y, offsetBytes, bytes, dz);
      case IDENTITY -> MemorySegment.copy(dy, offsetBytes, dz, offsetBytes, bytes);
    }
  }

  private void reluGrad(
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
      loops.reluGrad(dy, z, base, vectorEnd, dz);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.reluGrad(dy.get(FLOAT, base + i), z.get(FLOAT, base + i));
      dz.set(FLOAT, base + i, slope);
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

  private void tanhGrad(
      MemorySegment outputGrad,
      MemorySegment output,
      long base,
      int bytes,
      MemorySegment inputGrad) {
    MemorySegment dy = OffHeap.of(outputGrad);
    MemorySegment y = OffHeap.of(output);
    MemorySegment dz = OffHeap.of(inputGrad);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      loops.tanhGrad(dy, y, base, vectorEnd, dz);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.tanhGrad(dy.get(FLOAT, base + i), y.get(FLOAT, base + i));
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
      MemorySegment first,
      MemorySegment second,
      long offsetBytes,
      int count,
      MemorySegment product) {
    MemorySegment a = OffHeap.of(first);
    MemorySegment b = OffHeap.of(second);
    MemorySegment y = OffHeap.of(product);
    int bytes = bytes(count);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      loops.multiply(a, b, offsetBytes, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      long at = offsetBytes + i;
      y.set(FLOAT, at, a.get(FLOAT, at) * b.get(FLOAT, at));
    }
  }

  @Override
  public void addScaled(
      float scale, MemorySegment input, long offsetBytes, int count, MemorySegment sum) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(sum);
    int bytes = bytes(count);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      loops.addScaled(scale, x, offsetBytes, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      long at = offsetBytes + i;
      y.set(FLOAT, at, Math.fma(scale, x.get(FLOAT, at), y.get(FLOAT, at)));
    }
  }

  @Override
  public void scale(
      float scale, MemorySegment input, long offsetBytes, int count, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    int bytes = bytes(count);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      loops.scale(scale, x, offsetBytes, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, scale * x.get(FLOAT, offsetBytes + i));
    }
  }

  @Override
  public void fill(float value, MemorySegment output, long offsetBytes, int count) {
    MemorySegment y = OffHeap.of(output);
    int bytes = bytes(count);
    int vectorEnd = bytes & -vectorBytes;
    if (vectorEnd > 0) {
      loops.fill(value, y, offsetBytes, vectorEnd);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, value);
    }
  }

  @Override
  public double sumOfSquares(MemorySegment x, long offsetBytes, int count) {
    return loops.sumOfSquares(x, offsetBytes, bytes(count));
  }

  @Override
  public float softmaxInPlace(MemorySegment logits, long offsetBytes, int count) {
    return softmax.inPlace(logits, offsetBytes, bytes(count));
  }

  /// Counts of 2 GiB and more are for the caller to cut.
  private static int bytes(int count) {
    return Math.multiplyExact(count, Float.BYTES);
  }
}
