package dev.sluice.kernel.scalar;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;

final class ScalarElementwise implements ElementwiseKernels {
  private static final int SUM_LANES = 16;

  @Override
  public void activate(
      Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y) {
    for (int i = 0; i < count; i++) {
      float value = at(z, offsetBytes, i);
      put(
          y,
          offsetBytes,
          i,
          switch (activation) {
            case RELU -> ScalarMath.relu(value);
            case GELU -> ScalarMath.gelu(value);
            case TANH -> ScalarMath.tanh(value);
            case IDENTITY -> value;
          });
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
    for (int i = 0; i < count; i++) {
      float slope = at(dy, offsetBytes, i);
      put(
          dz,
          offsetBytes,
          i,
          switch (activation) {
            case RELU -> ScalarMath.reluGrad(slope, at(z, offsetBytes, i));
            case GELU -> ScalarMath.geluGrad(slope, at(z, offsetBytes, i));
            case TANH -> ScalarMath.tanhGrad(slope, at(y, offsetBytes, i));
            case IDENTITY -> slope;
          });
    }
  }

  @Override
  public void sigmoid(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    for (int i = 0; i < count; i++) {
      put(y, offsetBytes, i, ScalarMath.sigmoid(at(x, offsetBytes, i)));
    }
  }

  @Override
  public void exp(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    for (int i = 0; i < count; i++) {
      put(y, offsetBytes, i, ScalarMath.exp(at(x, offsetBytes, i)));
    }
  }

  @Override
  public void multiply(
      MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y) {
    for (int i = 0; i < count; i++) {
      put(y, offsetBytes, i, at(a, offsetBytes, i) * at(b, offsetBytes, i));
    }
  }

  @Override
  public void addScaled(
      float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    for (int i = 0; i < count; i++) {
      put(y, offsetBytes, i, Math.fma(scale, at(x, offsetBytes, i), at(y, offsetBytes, i)));
    }
  }

  @Override
  public void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    for (int i = 0; i < count; i++) {
      put(y, offsetBytes, i, scale * at(x, offsetBytes, i));
    }
  }

  @Override
  public void fill(float value, MemorySegment y, long offsetBytes, int count) {
    for (int i = 0; i < count; i++) {
      put(y, offsetBytes, i, value);
    }
  }

  @Override
  public double sumOfSquares(MemorySegment x, long offsetBytes, int count) {
    double sum = 0;
    for (int from = 0; from < count; ) {
      int length = Math.min(SUM_RUN, count - from);
      double runSum = 0;
      for (int lane = 0; lane < SUM_LANES; lane++) {
        float laneSum = 0f;
        for (int i = lane; i < length; i += SUM_LANES) {
          float value = at(x, offsetBytes, from + i);
          laneSum = Math.fma(value, value, laneSum);
        }
        runSum += laneSum;
      }
      sum += runSum;
      from += length;
    }
    return sum;
  }

  @Override
  public void softmaxInPlace(MemorySegment logits, long offsetBytes, int count) {
    softmax(logits, offsetBytes, count, max(logits, offsetBytes, count));
  }

  @Override
  public float softmaxAndLogSumInPlace(MemorySegment logits, long offsetBytes, int count) {
    float max = max(logits, offsetBytes, count);
    return ScalarMath.logSumExp(max, softmax(logits, offsetBytes, count, max));
  }

  private static float max(MemorySegment logits, long offsetBytes, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, at(logits, offsetBytes, i));
    }
    return max;
  }

  /// @return sum of the exponentials
  private static float softmax(MemorySegment logits, long offsetBytes, int count, float max) {
    float sum = 0f;
    for (int i = 0; i < count; i++) {
      float e = ScalarMath.exp(at(logits, offsetBytes, i) - max);
      put(logits, offsetBytes, i, e);
      sum += e;
    }
    for (int i = 0; i < count; i++) {
      put(logits, offsetBytes, i, at(logits, offsetBytes, i) / sum);
    }
    return sum;
  }

  private static float at(MemorySegment x, long offsetBytes, int index) {
    return x.get(FLOAT, offsetBytes + (long) index * Float.BYTES);
  }

  private static void put(MemorySegment y, long offsetBytes, int index, float value) {
    y.set(FLOAT, offsetBytes + (long) index * Float.BYTES, value);
  }
}
