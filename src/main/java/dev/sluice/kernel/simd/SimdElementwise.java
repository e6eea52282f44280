package dev.sluice.kernel.simd;

import static dev.sluice.kernel.Polynomials.*;
import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// The chains of [ScalarMath], a vector at a time; what does not fill a vector goes through [ScalarMath] itself, as masks are slow
/// on machines without mask registers.
///
/// Offsets inside a loop are `int` bytes over a fixed base: the JIT then proves the bounds of a whole loop at once.
final class SimdElementwise implements ElementwiseKernels {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.speciesOf(MethodHandles.lookup());
  private static final int LANES = SPECIES.length();
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  private static final int SUM_LANES = 16;
  private static final int SUM_ROW_BYTES = SUM_LANES * Float.BYTES;
  private static final int SUM_RUN_BYTES = SUM_RUN * Float.BYTES;

  @Override
  public void activate(
      Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y) {
    switch (activation) {
      case RELU -> relu(z, offsetBytes, bytes(count), y);
      case GELU -> gelu(z, offsetBytes, bytes(count), y);
      case TANH -> tanh(z, offsetBytes, bytes(count), y);
      case IDENTITY -> MemorySegment.copy(z, offsetBytes, y, offsetBytes, bytes(count));
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
    switch (activation) {
      case RELU -> reluGrad(dy, z, offsetBytes, bytes(count), dz);
      case GELU -> geluGrad(dy, z, offsetBytes, bytes(count), dz);
      case TANH -> tanhGrad(dy, y, offsetBytes, bytes(count), dz);
      case IDENTITY -> MemorySegment.copy(dy, offsetBytes, dz, offsetBytes, bytes(count));
    }
  }

  private static void relu(MemorySegment z, long base, int bytes, MemorySegment y) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector value = load(z, base + i);
      store(value.blend(0f, value.compare(LE, 0f)), y, base + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, ScalarMath.relu(z.get(FLOAT, base + i)));
    }
  }

  private static void reluGrad(
      MemorySegment dy, MemorySegment z, long base, int bytes, MemorySegment dz) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector slope = load(dy, base + i);
      store(slope.blend(0f, load(z, base + i).compare(LE, 0f)), dz, base + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.reluGrad(dy.get(FLOAT, base + i), z.get(FLOAT, base + i));
      dz.set(FLOAT, base + i, slope);
    }
  }

  private static void gelu(MemorySegment z, long base, int bytes, MemorySegment y) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector x = notBelow(-NORMAL_MAX, load(z, base + i));
      store(x.mul(normalDistribution(x, bell(x))), y, base + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, ScalarMath.gelu(z.get(FLOAT, base + i)));
    }
  }

  private static void geluGrad(
      MemorySegment dy, MemorySegment z, long base, int bytes, MemorySegment dz) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector x = notAbove(NORMAL_MAX, notBelow(-NORMAL_MAX, load(z, base + i)));
      FloatVector bell = bell(x);
      FloatVector slope = x.mul(INVERSE_ROOT_2_PI).fma(bell, normalDistribution(x, bell));
      store(load(dy, base + i).mul(slope), dz, base + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.geluGrad(dy.get(FLOAT, base + i), z.get(FLOAT, base + i));
      dz.set(FLOAT, base + i, slope);
    }
  }

  private static void tanh(MemorySegment z, long base, int bytes, MemorySegment y) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(tanh(load(z, base + i)), y, base + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, ScalarMath.tanh(z.get(FLOAT, base + i)));
    }
  }

  private static void tanhGrad(
      MemorySegment dy, MemorySegment y, long base, int bytes, MemorySegment dz) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector value = load(y, base + i);
      FloatVector slope = value.neg().fma(value, FloatVector.broadcast(SPECIES, 1f));
      store(load(dy, base + i).mul(slope), dz, base + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.tanhGrad(dy.get(FLOAT, base + i), y.get(FLOAT, base + i));
      dz.set(FLOAT, base + i, slope);
    }
  }

  @Override
  public void sigmoid(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(sigmoid(load(x, offsetBytes + i)), y, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, ScalarMath.sigmoid(x.get(FLOAT, offsetBytes + i)));
    }
  }

  @Override
  public void exp(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(exp(load(x, offsetBytes + i)), y, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, ScalarMath.exp(x.get(FLOAT, offsetBytes + i)));
    }
  }

  @Override
  public void multiply(
      MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(load(a, offsetBytes + i).mul(load(b, offsetBytes + i)), y, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float product = a.get(FLOAT, offsetBytes + i) * b.get(FLOAT, offsetBytes + i);
      y.set(FLOAT, offsetBytes + i, product);
    }
  }

  @Override
  public void addScaled(
      float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(scales.fma(load(x, offsetBytes + i), load(y, offsetBytes + i)), y, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float sum = Math.fma(scale, x.get(FLOAT, offsetBytes + i), y.get(FLOAT, offsetBytes + i));
      y.set(FLOAT, offsetBytes + i, sum);
    }
  }

  @Override
  public void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(load(x, offsetBytes + i).mul(scale), y, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, scale * x.get(FLOAT, offsetBytes + i));
    }
  }

  @Override
  public void fill(float value, MemorySegment y, long offsetBytes, int count) {
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector values = FloatVector.broadcast(SPECIES, value);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(values, y, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, value);
    }
  }

  @Override
  public double sumOfSquares(MemorySegment x, long offsetBytes, int count) {
    int bytes = bytes(count);
    double sum = 0;
    for (int from = 0; from < bytes; ) {
      int length = Math.min(SUM_RUN_BYTES, bytes - from);
      sum += runSumOfSquares(x, offsetBytes + from, length);
      from += length;
    }
    return sum;
  }

  /// The 16 accumulators of a run are one, two or four vectors, side by side.
  private static double runSumOfSquares(MemorySegment x, long base, int bytes) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int rowsEnd = bytes & -SUM_ROW_BYTES;
    for (int i = 0; i < rowsEnd; i += SUM_ROW_BYTES) {
      sum0 = addSquare(sum0, x, base + i);
      if (LANES <= SUM_LANES / 2) {
        sum1 = addSquare(sum1, x, base + i + VECTOR_BYTES);
      }
      if (LANES <= SUM_LANES / 4) {
        sum2 = addSquare(sum2, x, base + i + 2 * VECTOR_BYTES);
        sum3 = addSquare(sum3, x, base + i + 3 * VECTOR_BYTES);
      }
    }
    double sum = addLanes(0, sum0, x, base, rowsEnd, bytes);
    if (LANES <= SUM_LANES / 2) {
      sum = addLanes(sum, sum1, x, base, rowsEnd + VECTOR_BYTES, bytes);
    }
    if (LANES <= SUM_LANES / 4) {
      sum = addLanes(sum, sum2, x, base, rowsEnd + 2 * VECTOR_BYTES, bytes);
      sum = addLanes(sum, sum3, x, base, rowsEnd + 3 * VECTOR_BYTES, bytes);
    }
    return sum;
  }

  private static FloatVector addSquare(FloatVector sum, MemorySegment x, long atBytes) {
    FloatVector value = load(x, atBytes);
    return value.fma(value, sum);
  }

  /// Adds the lanes to `sum` in ascending order, each with its square of the run's last, partly filled row `[from, bytes)`.
  private static double addLanes(
      double sum, FloatVector lanes, MemorySegment x, long base, int from, int bytes) {
    for (int lane = 0; lane < LANES; lane++) {
      float laneSum = lanes.lane(lane);
      int i = from + lane * Float.BYTES;
      if (i < bytes) {
        float value = x.get(FLOAT, base + i);
        laneSum = Math.fma(value, value, laneSum);
      }
      sum += laneSum;
    }
    return sum;
  }

  @Override
  public float softmaxInPlace(MemorySegment logits, long offsetBytes, int count) {
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    float max = max(logits, offsetBytes, bytes);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(exp(load(logits, offsetBytes + i).sub(max)), logits, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float e = ScalarMath.exp(logits.get(FLOAT, offsetBytes + i) - max);
      logits.set(FLOAT, offsetBytes + i, e);
    }
    float sum = 0f;
    for (int i = 0; i < bytes; i += Float.BYTES) {
      sum += logits.get(FLOAT, offsetBytes + i);
    }
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      store(load(logits, offsetBytes + i).div(sum), logits, offsetBytes + i);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      logits.set(FLOAT, offsetBytes + i, logits.get(FLOAT, offsetBytes + i) / sum);
    }
    return ScalarMath.logSumExp(max, sum);
  }

  private static float max(MemorySegment x, long base, int bytes) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector maxima = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      maxima = maxima.max(load(x, base + i));
    }
    float max = maxima.reduceLanes(MAX);
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      max = Math.max(max, x.get(FLOAT, base + i));
    }
    return max;
  }

  private static FloatVector exp(FloatVector x) {
    FloatVector capped = notAbove(EXP_MAX, x);
    FloatVector shifted = capped.fma(LOG2_E, ROUND_TO_INTEGER);
    FloatVector n = shifted.sub(ROUND_TO_INTEGER);
    FloatVector highPart = n.fma(broadcast(-LN2_HIGH), capped);
    FloatVector r = n.fma(broadcast(-LN2_LOW), highPart);
    FloatVector q = broadcast(EXP_6).fma(r, broadcast(EXP_5));
    q = q.fma(r, broadcast(EXP_4));
    q = q.fma(r, broadcast(EXP_3));
    q = q.fma(r, broadcast(EXP_2));
    FloatVector power = q.fma(r.mul(r), r).add(1f);
    IntVector scaleBits = shifted.reinterpretAsInts().lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS);
    FloatVector y = power.mul(scaleBits.reinterpretAsFloats());
    return y.blend(0f, x.compare(LT, EXP_MIN));
  }

  private static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    FloatVector numerator = broadcast(1f).blend(e, x.compare(LT, 0f));
    return numerator.div(e.add(1f));
  }

  private static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector square = a.mul(a);
    FloatVector p = broadcast(TANH_11).fma(square, broadcast(TANH_9));
    p = p.fma(square, broadcast(TANH_7));
    p = p.fma(square, broadcast(TANH_5));
    p = p.fma(square, broadcast(TANH_3));
    FloatVector small = p.fma(a.mul(square), a);
    FloatVector two = broadcast(2f);
    FloatVector large = broadcast(1f).sub(two.div(exp(a.add(a)).add(1f)));
    FloatVector y = large.blend(small, a.compare(LT, TANH_POLYNOMIAL_MAX));
    IntVector sign = x.reinterpretAsInts().and(SIGN_BIT);
    return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /// `e^(−z²/2)`
  private static FloatVector bell(FloatVector z) {
    return exp(z.mul(-0.5f).mul(z));
  }

  /// `Φ(z)`, given [#bell] of z.
  private static FloatVector normalDistribution(FloatVector z, FloatVector bell) {
    FloatVector one = broadcast(1f);
    FloatVector t = one.div(z.abs().fma(NORMAL_SCALE, 1f));
    FloatVector p = broadcast(NORMAL_9).fma(t, broadcast(NORMAL_8));
    p = p.fma(t, broadcast(NORMAL_7));
    p = p.fma(t, broadcast(NORMAL_6));
    p = p.fma(t, broadcast(NORMAL_5));
    p = p.fma(t, broadcast(NORMAL_4));
    p = p.fma(t, broadcast(NORMAL_3));
    p = p.fma(t, broadcast(NORMAL_2));
    p = p.fma(t, broadcast(NORMAL_1));
    FloatVector tail = p.mul(t).mul(bell);
    return one.sub(tail).blend(tail, z.compare(LT, 0f));
  }

  private static FloatVector notBelow(float limit, FloatVector x) {
    return x.blend(limit, x.compare(LT, limit));
  }

  private static FloatVector notAbove(float limit, FloatVector x) {
    return x.blend(limit, x.compare(GT, limit));
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static FloatVector load(MemorySegment x, long atBytes) {
    return FloatVector.fromMemorySegment(SPECIES, x, atBytes, LITTLE_ENDIAN);
  }

  private static void store(FloatVector value, MemorySegment y, long atBytes) {
    value.intoMemorySegment(y, atBytes, LITTLE_ENDIAN);
  }

  /// Segments past 2 GiB are for the caller to cut.
  private static int bytes(int count) {
    return Math.multiplyExact(count, Float.BYTES);
  }
}
