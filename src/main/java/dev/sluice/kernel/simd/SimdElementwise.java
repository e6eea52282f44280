package dev.sluice.kernel.simd;

import static dev.sluice.kernel.Polynomials.*;
import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.DIV;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MUL;
import static jdk.incubator.vector.VectorOperators.NEG;
import static jdk.incubator.vector.VectorOperators.SUB;

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
/// The style of the loops is for the JIT's sake, which otherwise compiles a loop that allocates vectors, now and then:
/// - No method here takes or returns a vector, as it may decline to inline one. What the JDK offers is always inlined.
/// - Operations are called as `lanewise`, not by their names (`fma`, `mul`): those are methods of the JDK's that call `lanewise`
///   themselves, so all callers in the JVM share their type profile, and with vectors of several widths about it is of no use.
/// - Constants are vectors, not broadcasts at each use: it inlines only so much into one loop.
final class SimdElementwise implements ElementwiseKernels {
  /// What [#apply] computes; all are built on `e^x`.
  enum Function {
    EXP,
    EXP_SHIFTED,
    SIGMOID,
    TANH,
    GELU,
    GELU_GRAD
  }

  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.shapeOf(MethodHandles.lookup()).floats();
  private static final VectorSpecies<Integer> INT_SPECIES = SPECIES.withLanes(int.class);
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  private static final int SUM_ROW_BYTES = 16 * Float.BYTES;
  private static final int SUM_RUN_BYTES = SUM_RUN * Float.BYTES;

  private static final FloatVector ZERO = FloatVector.broadcast(SPECIES, 0f);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
  private static final FloatVector MINUS_HALF = FloatVector.broadcast(SPECIES, -0.5f);
  private static final FloatVector MINUS_TWO = FloatVector.broadcast(SPECIES, -2f);
  private static final FloatVector LOG2_E_VECTOR = FloatVector.broadcast(SPECIES, LOG2_E);
  private static final FloatVector ROUND_VECTOR = FloatVector.broadcast(SPECIES, ROUND_TO_EXPONENT);
  private static final FloatVector MINUS_LN2_HIGH_VECTOR =
      FloatVector.broadcast(SPECIES, -LN2_HIGH);
  private static final FloatVector MINUS_LN2_LOW_VECTOR = FloatVector.broadcast(SPECIES, -LN2_LOW);
  private static final FloatVector EXP_MIN_VECTOR = FloatVector.broadcast(SPECIES, EXP_MIN);
  private static final FloatVector EXP_MAX_VECTOR = FloatVector.broadcast(SPECIES, EXP_MAX);
  private static final FloatVector EXP_2_VECTOR = FloatVector.broadcast(SPECIES, EXP_2);
  private static final FloatVector EXP_3_VECTOR = FloatVector.broadcast(SPECIES, EXP_3);
  private static final FloatVector EXP_4_VECTOR = FloatVector.broadcast(SPECIES, EXP_4);
  private static final FloatVector EXP_5_VECTOR = FloatVector.broadcast(SPECIES, EXP_5);
  private static final FloatVector EXP_6_VECTOR = FloatVector.broadcast(SPECIES, EXP_6);
  private static final FloatVector TANH_POLYNOMIAL_MAX_VECTOR =
      FloatVector.broadcast(SPECIES, TANH_POLYNOMIAL_MAX);
  private static final FloatVector TANH_3_VECTOR = FloatVector.broadcast(SPECIES, TANH_3);
  private static final FloatVector TANH_5_VECTOR = FloatVector.broadcast(SPECIES, TANH_5);
  private static final FloatVector TANH_7_VECTOR = FloatVector.broadcast(SPECIES, TANH_7);
  private static final FloatVector TANH_9_VECTOR = FloatVector.broadcast(SPECIES, TANH_9);
  private static final FloatVector TANH_11_VECTOR = FloatVector.broadcast(SPECIES, TANH_11);
  private static final FloatVector NORMAL_MAX_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_MAX);
  private static final FloatVector MINUS_NORMAL_MAX_VECTOR =
      FloatVector.broadcast(SPECIES, -NORMAL_MAX);
  private static final FloatVector NORMAL_SCALE_VECTOR =
      FloatVector.broadcast(SPECIES, NORMAL_SCALE);
  private static final FloatVector NORMAL_1_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_1);
  private static final FloatVector NORMAL_2_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_2);
  private static final FloatVector NORMAL_3_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_3);
  private static final FloatVector NORMAL_4_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_4);
  private static final FloatVector NORMAL_5_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_5);
  private static final FloatVector NORMAL_6_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_6);
  private static final FloatVector NORMAL_7_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_7);
  private static final FloatVector NORMAL_8_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_8);
  private static final FloatVector NORMAL_9_VECTOR = FloatVector.broadcast(SPECIES, NORMAL_9);
  private static final FloatVector INVERSE_ROOT_2_PI_VECTOR =
      FloatVector.broadcast(SPECIES, INVERSE_ROOT_2_PI);

  @Override
  public void activate(
      Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y) {
    int bytes = bytes(count);
    switch (activation) {
      case RELU -> relu(z, offsetBytes, bytes, y);
      case GELU -> apply(Function.GELU, z, z, 0f, offsetBytes, bytes, y);
      case TANH -> apply(Function.TANH, z, z, 0f, offsetBytes, bytes, y);
      case IDENTITY -> MemorySegment.copy(z, offsetBytes, y, offsetBytes, bytes);
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
      case GELU -> apply(Function.GELU_GRAD, z, dy, 0f, offsetBytes, bytes, dz);
      case TANH -> tanhGrad(dy, y, offsetBytes, bytes, dz);
      case IDENTITY -> MemorySegment.copy(dy, offsetBytes, dz, offsetBytes, bytes);
    }
  }

  @Override
  public void sigmoid(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    apply(Function.SIGMOID, x, x, 0f, offsetBytes, bytes(count), y);
  }

  @Override
  public void exp(MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    apply(Function.EXP, x, x, 0f, offsetBytes, bytes(count), y);
  }

  @Override
  public void multiply(
      MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y) {
    a = OffHeap.of(a);
    b = OffHeap.of(b);
    y = OffHeap.of(y);
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = offsetBytes + i;
      fromMemorySegment(SPECIES, a, at, LITTLE_ENDIAN)
          .lanewise(MUL, fromMemorySegment(SPECIES, b, at, LITTLE_ENDIAN))
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float product = a.get(FLOAT, offsetBytes + i) * b.get(FLOAT, offsetBytes + i);
      y.set(FLOAT, offsetBytes + i, product);
    }
  }

  @Override
  public void addScaled(
      float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    x = OffHeap.of(x);
    y = OffHeap.of(y);
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = offsetBytes + i;
      FloatVector sum = fromMemorySegment(SPECIES, y, at, LITTLE_ENDIAN);
      fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN)
          .lanewise(FMA, scales, sum)
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float sum = Math.fma(scale, x.get(FLOAT, offsetBytes + i), y.get(FLOAT, offsetBytes + i));
      y.set(FLOAT, offsetBytes + i, sum);
    }
  }

  @Override
  public void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y) {
    x = OffHeap.of(x);
    y = OffHeap.of(y);
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = offsetBytes + i;
      fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN)
          .lanewise(MUL, scales)
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, offsetBytes + i, scale * x.get(FLOAT, offsetBytes + i));
    }
  }

  @Override
  public void fill(float value, MemorySegment y, long offsetBytes, int count) {
    y = OffHeap.of(y);
    int bytes = bytes(count);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector values = FloatVector.broadcast(SPECIES, value);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      values.intoMemorySegment(y, offsetBytes + i, LITTLE_ENDIAN);
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

  /// One pass over the run for every vector of its 16 accumulators; the run stays in the first-level cache.
  private static double runSumOfSquares(MemorySegment x, long base, int bytes) {
    x = OffHeap.of(x);
    int rowsEnd = bytes & -SUM_ROW_BYTES;
    double runSum = 0;
    for (int part = 0; part < SUM_ROW_BYTES; part += VECTOR_BYTES) {
      FloatVector sums = FloatVector.zero(SPECIES);
      for (int i = 0; i < rowsEnd; i += SUM_ROW_BYTES) {
        FloatVector value = fromMemorySegment(SPECIES, x, base + part + i, LITTLE_ENDIAN);
        sums = value.lanewise(FMA, value, sums);
      }
      for (int lane = 0; lane < VECTOR_BYTES / Float.BYTES; lane++) {
        float laneSum = sums.lane(lane);
        int i = rowsEnd + part + lane * Float.BYTES;
        if (i < bytes) {
          float value = x.get(FLOAT, base + i);
          laneSum = Math.fma(value, value, laneSum);
        }
        runSum += laneSum;
      }
    }
    return runSum;
  }

  @Override
  public float softmaxInPlace(MemorySegment logits, long offsetBytes, int count) {
    logits = OffHeap.of(logits);
    int bytes = bytes(count);
    float max = max(logits, offsetBytes, bytes);
    apply(Function.EXP_SHIFTED, logits, logits, max, offsetBytes, bytes, logits);
    float sum = 0f;
    for (int i = 0; i < bytes; i += Float.BYTES) {
      sum += logits.get(FLOAT, offsetBytes + i);
    }
    divide(logits, offsetBytes, bytes, sum);
    return ScalarMath.logSumExp(max, sum);
  }

  private static void divide(MemorySegment x, long base, int bytes, float divisor) {
    int vectorEnd = bytes & -VECTOR_BYTES;
    if (vectorEnd > 0) {
      divideVectors(x, base, vectorEnd, divisor);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      x.set(FLOAT, base + i, x.get(FLOAT, base + i) / divisor);
    }
  }

  private static void divideVectors(MemorySegment x, long base, int vectorEnd, float divisor) {
    FloatVector divisors = FloatVector.broadcast(SPECIES, divisor);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      fromMemorySegment(SPECIES, x, base + i, LITTLE_ENDIAN)
          .lanewise(DIV, divisors)
          .intoMemorySegment(x, base + i, LITTLE_ENDIAN);
    }
  }

  private static float max(MemorySegment x, long base, int bytes) {
    x = OffHeap.of(x);
    int vectorEnd = bytes & -VECTOR_BYTES;
    float max = vectorEnd > 0 ? maxOfVectors(x, base, vectorEnd) : Float.NEGATIVE_INFINITY;
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      max = Math.max(max, x.get(FLOAT, base + i));
    }
    return max;
  }

  private static float maxOfVectors(MemorySegment x, long base, int vectorEnd) {
    FloatVector maxima = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      maxima = maxima.lanewise(MAX, fromMemorySegment(SPECIES, x, base + i, LITTLE_ENDIAN));
    }
    return maxima.reduceLanes(MAX);
  }

  private static void relu(MemorySegment z, long base, int bytes, MemorySegment y) {
    z = OffHeap.of(z);
    y = OffHeap.of(y);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector value = fromMemorySegment(SPECIES, z, base + i, LITTLE_ENDIAN);
      value.blend(ZERO, value.compare(LE, ZERO)).intoMemorySegment(y, base + i, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, ScalarMath.relu(z.get(FLOAT, base + i)));
    }
  }

  private static void reluGrad(
      MemorySegment dy, MemorySegment z, long base, int bytes, MemorySegment dz) {
    dy = OffHeap.of(dy);
    z = OffHeap.of(z);
    dz = OffHeap.of(dz);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector value = fromMemorySegment(SPECIES, z, base + i, LITTLE_ENDIAN);
      fromMemorySegment(SPECIES, dy, base + i, LITTLE_ENDIAN)
          .blend(ZERO, value.compare(LE, ZERO))
          .intoMemorySegment(dz, base + i, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.reluGrad(dy.get(FLOAT, base + i), z.get(FLOAT, base + i));
      dz.set(FLOAT, base + i, slope);
    }
  }

  private static void tanhGrad(
      MemorySegment dy, MemorySegment y, long base, int bytes, MemorySegment dz) {
    dy = OffHeap.of(dy);
    y = OffHeap.of(y);
    dz = OffHeap.of(dz);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      FloatVector value = fromMemorySegment(SPECIES, y, base + i, LITTLE_ENDIAN);
      FloatVector derivative = value.lanewise(NEG).lanewise(FMA, value, ONE);
      fromMemorySegment(SPECIES, dy, base + i, LITTLE_ENDIAN)
          .lanewise(MUL, derivative)
          .intoMemorySegment(dz, base + i, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float slope = ScalarMath.tanhGrad(dy.get(FLOAT, base + i), y.get(FLOAT, base + i));
      dz.set(FLOAT, base + i, slope);
    }
  }

  /// Rows shorter than a vector, as the scores of ten classes are, meet no vector code, which would have to be compiled for a loop that
  /// never turns.
  private static void apply(
      Function function,
      MemorySegment input,
      MemorySegment dy,
      float shift,
      long base,
      int bytes,
      MemorySegment y) {
    input = OffHeap.of(input);
    dy = OffHeap.of(dy);
    y = OffHeap.of(y);
    int vectorEnd = bytes & -VECTOR_BYTES;
    if (vectorEnd > 0) {
      applyToVectors(function, input, dy, shift, base, vectorEnd, y);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float z = input.get(FLOAT, base + i);
      float result =
          switch (function) {
            case EXP -> ScalarMath.exp(z);
            case EXP_SHIFTED -> ScalarMath.exp(z - shift);
            case SIGMOID -> ScalarMath.sigmoid(z);
            case TANH -> ScalarMath.tanh(z);
            case GELU -> ScalarMath.gelu(z);
            case GELU_GRAD -> ScalarMath.geluGrad(dy.get(FLOAT, base + i), z);
          };
      y.set(FLOAT, base + i, result);
    }
  }

  /// `y = function(z)`, `e^(z − shift)` or `dy · gelu′(z)`: one loop for all of them, so that the exponential is written once and
  /// inlined for certain; the branches inside never change their mind and cost nothing that can be measured.
  ///
  /// The float that holds the exponent is shifted by way of memory, in the place of the result to be: `reinterpretAsInts`, while it is
  /// interpreted, accesses a heap segment, and from then on the JIT compiles every access to any segment for both kinds, several
  /// times slower, in these and all other kernels.
  private static void applyToVectors(
      Function function,
      MemorySegment input,
      MemorySegment dy,
      float shift,
      long base,
      int vectorEnd,
      MemorySegment y) {
    FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = base + i;
      FloatVector z = fromMemorySegment(SPECIES, input, at, LITTLE_ENDIAN);
      FloatVector slope = z;
      FloatVector x;
      if (function == Function.EXP) {
        x = z.blend(EXP_MAX_VECTOR, z.compare(GT, EXP_MAX_VECTOR));
      } else if (function == Function.EXP_SHIFTED) {
        x = z.lanewise(SUB, shifts);
      } else if (function == Function.SIGMOID) {
        x = z.lanewise(ABS).lanewise(NEG);
      } else if (function == Function.TANH) {
        x = z.lanewise(ABS).lanewise(MUL, MINUS_TWO);
      } else {
        z = z.blend(MINUS_NORMAL_MAX_VECTOR, z.compare(LT, MINUS_NORMAL_MAX_VECTOR));
        if (function == Function.GELU_GRAD) {
          slope = fromMemorySegment(SPECIES, dy, at, LITTLE_ENDIAN);
          z = z.blend(NORMAL_MAX_VECTOR, z.compare(GT, NORMAL_MAX_VECTOR));
        }
        x = z.lanewise(MUL, MINUS_HALF).lanewise(MUL, z);
      }
      FloatVector shifted = x.lanewise(FMA, LOG2_E_VECTOR, ROUND_VECTOR);
      FloatVector n = shifted.lanewise(SUB, ROUND_VECTOR);
      FloatVector r =
          n.lanewise(FMA, MINUS_LN2_LOW_VECTOR, n.lanewise(FMA, MINUS_LN2_HIGH_VECTOR, x));
      FloatVector q = r.lanewise(FMA, EXP_6_VECTOR, EXP_5_VECTOR);
      q =
          q.lanewise(FMA, r, EXP_4_VECTOR)
              .lanewise(FMA, r, EXP_3_VECTOR)
              .lanewise(FMA, r, EXP_2_VECTOR);
      FloatVector power = q.lanewise(FMA, r.lanewise(MUL, r), r).lanewise(ADD, ONE);
      shifted.intoMemorySegment(y, at, LITTLE_ENDIAN);
      IntVector.fromMemorySegment(INT_SPECIES, y, at, LITTLE_ENDIAN)
          .lanewise(LSHL, EXPONENT_SHIFT)
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
      FloatVector scale = fromMemorySegment(SPECIES, y, at, LITTLE_ENDIAN);
      FloatVector e = power.lanewise(MUL, scale).blend(ZERO, x.compare(LT, EXP_MIN_VECTOR));

      FloatVector result;
      if (function == Function.EXP || function == Function.EXP_SHIFTED) {
        result = e;
      } else if (function == Function.SIGMOID) {
        result = ONE.blend(e, z.compare(LT, ZERO)).lanewise(DIV, e.lanewise(ADD, ONE));
      } else if (function == Function.TANH) {
        FloatVector large =
            ONE.lanewise(SUB, e.lanewise(ADD, e).lanewise(DIV, e.lanewise(ADD, ONE)));
        FloatVector signed = large.blend(large.lanewise(NEG), z.compare(LT, ZERO));
        FloatVector square = z.lanewise(MUL, z);
        FloatVector p =
            square
                .lanewise(FMA, TANH_11_VECTOR, TANH_9_VECTOR)
                .lanewise(FMA, square, TANH_7_VECTOR);
        p =
            p.lanewise(FMA, square, TANH_5_VECTOR)
                .lanewise(FMA, square, TANH_3_VECTOR)
                .lanewise(FMA, square, ONE);
        result =
            signed.blend(
                z.lanewise(MUL, p), z.lanewise(ABS).compare(LT, TANH_POLYNOMIAL_MAX_VECTOR));
      } else {
        FloatVector t = ONE.lanewise(DIV, z.lanewise(ABS).lanewise(FMA, NORMAL_SCALE_VECTOR, ONE));
        FloatVector p =
            t.lanewise(FMA, NORMAL_9_VECTOR, NORMAL_8_VECTOR).lanewise(FMA, t, NORMAL_7_VECTOR);
        p =
            p.lanewise(FMA, t, NORMAL_6_VECTOR)
                .lanewise(FMA, t, NORMAL_5_VECTOR)
                .lanewise(FMA, t, NORMAL_4_VECTOR);
        p =
            p.lanewise(FMA, t, NORMAL_3_VECTOR)
                .lanewise(FMA, t, NORMAL_2_VECTOR)
                .lanewise(FMA, t, NORMAL_1_VECTOR);
        FloatVector tail = p.lanewise(MUL, t).lanewise(MUL, e);
        FloatVector normal = ONE.lanewise(SUB, tail).blend(tail, z.compare(LT, ZERO));
        if (function == Function.GELU) {
          result = z.lanewise(MUL, normal);
        } else {
          FloatVector derivative =
              z.lanewise(MUL, INVERSE_ROOT_2_PI_VECTOR).lanewise(FMA, e, normal);
          result = slope.lanewise(MUL, derivative);
        }
      }
      result.intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
  }

  /// Counts of 2 GiB and more are for the caller to cut.
  private static int bytes(int count) {
    return Math.multiplyExact(count, Float.BYTES);
  }
}
