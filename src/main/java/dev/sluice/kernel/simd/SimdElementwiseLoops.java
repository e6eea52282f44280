package dev.sluice.kernel.simd;

import static dev.sluice.kernel.ElementwiseKernels.SUM_RUN;
import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.DIV;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MUL;
import static jdk.incubator.vector.VectorOperators.NEG;

import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Simple loops, a vector at a time; what does not fill a vector goes through [ScalarMath] or its like, as masks are slow
/// on machines without mask registers.
///
/// The style of the loops is for the JIT's sake, which otherwise compiles a loop that allocates vectors, now and then:
/// - No method here takes or returns a vector, unless it is [Inlined], as the JIT may decline to inline one. What the JDK offers is always
///   inlined.
/// - Operations are called as `lanewise`, not by their names (`fma`, `mul`): those are methods of the JDK's that call `lanewise`
///   themselves, so all callers in the JVM share their type profile, and with vectors of several widths about it is of no use.
final class SimdElementwiseLoops implements ElementwiseLoops {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.shapeOf(MethodHandles.lookup()).floats();
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

  private static final int SUM_ROW_BYTES = 16 * Float.BYTES;
  private static final int SUM_RUN_BYTES = SUM_RUN * Float.BYTES;

  private static final FloatVector ZERO = FloatVector.broadcast(SPECIES, 0f);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  @Override
  public void relu(MemorySegment z, long base, int bytes, MemorySegment y) {
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

  @Override
  public void reluGrad(MemorySegment dy, MemorySegment z, long base, int bytes, MemorySegment dz) {
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

  @Override
  public void tanhGrad(MemorySegment dy, MemorySegment y, long base, int bytes, MemorySegment dz) {
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

  @Override
  public void multiply(MemorySegment a, MemorySegment b, long base, int bytes, MemorySegment y) {
    a = OffHeap.of(a);
    b = OffHeap.of(b);
    y = OffHeap.of(y);
    int vectorEnd = bytes & -VECTOR_BYTES;
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = base + i;
      fromMemorySegment(SPECIES, a, at, LITTLE_ENDIAN)
          .lanewise(MUL, fromMemorySegment(SPECIES, b, at, LITTLE_ENDIAN))
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float product = a.get(FLOAT, base + i) * b.get(FLOAT, base + i);
      y.set(FLOAT, base + i, product);
    }
  }

  @Override
  public void addScaled(float scale, MemorySegment x, long base, int bytes, MemorySegment y) {
    x = OffHeap.of(x);
    y = OffHeap.of(y);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = base + i;
      FloatVector sum = fromMemorySegment(SPECIES, y, at, LITTLE_ENDIAN);
      fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN)
          .lanewise(FMA, scales, sum)
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      float sum = Math.fma(scale, x.get(FLOAT, base + i), y.get(FLOAT, base + i));
      y.set(FLOAT, base + i, sum);
    }
  }

  @Override
  public void scale(float scale, MemorySegment x, long base, int bytes, MemorySegment y) {
    x = OffHeap.of(x);
    y = OffHeap.of(y);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      long at = base + i;
      fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN)
          .lanewise(MUL, scales)
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, scale * x.get(FLOAT, base + i));
    }
  }

  @Override
  public void fill(float value, MemorySegment y, long base, int bytes) {
    y = OffHeap.of(y);
    int vectorEnd = bytes & -VECTOR_BYTES;
    FloatVector values = FloatVector.broadcast(SPECIES, value);
    for (int i = 0; i < vectorEnd; i += VECTOR_BYTES) {
      values.intoMemorySegment(y, base + i, LITTLE_ENDIAN);
    }
    for (int i = vectorEnd; i < bytes; i += Float.BYTES) {
      y.set(FLOAT, base + i, value);
    }
  }

  @Override
  public double sumOfSquares(MemorySegment x, long base, int bytes) {
    double sum = 0;
    for (int from = 0; from < bytes; ) {
      int length = Math.min(SUM_RUN_BYTES, bytes - from);
      sum += runSumOfSquares(x, base + from, length);
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
  public void divide(MemorySegment x, long base, int bytes, float divisor) {
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

  @Override
  public float max(MemorySegment x, long base, int bytes) {
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
}
