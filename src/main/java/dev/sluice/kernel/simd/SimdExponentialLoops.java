package dev.sluice.kernel.simd;

import static dev.sluice.kernel.Polynomials.*;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.DIV;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MUL;
import static jdk.incubator.vector.VectorOperators.NEG;
import static jdk.incubator.vector.VectorOperators.SUB;

import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// The chains of [ScalarMath] that are built on `e^x`, a vector at a time. A loop for each function, so that what one function has shown the
/// JIT does not decide how another is compiled; what they share is [Inlined].
///
/// On the style see [SimdElementwiseLoops]. Constants are vectors, not broadcasts at each use: the JIT inlines only so much into one loop.
final class SimdExponentialLoops implements ExponentialLoops {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.shapeOf(MethodHandles.lookup()).floats();
  private static final VectorSpecies<Integer> INT_SPECIES = SPECIES.withLanes(int.class);
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

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
  public void exp(MemorySegment input, long base, int bytes, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    for (int i = 0; i < bytes; i += VECTOR_BYTES) {
      long at = base + i;
      FloatVector z = fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN);
      FloatVector capped = z.blend(EXP_MAX_VECTOR, z.compare(GT, EXP_MAX_VECTOR));
      power(capped, y, at).intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
  }

  @Override
  public void expShifted(
      MemorySegment input, float shift, long base, int bytes, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    FloatVector shifts = FloatVector.broadcast(SPECIES, shift);
    for (int i = 0; i < bytes; i += VECTOR_BYTES) {
      long at = base + i;
      FloatVector z = fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN);
      power(z.lanewise(SUB, shifts), y, at).intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
  }

  @Override
  public void sigmoid(MemorySegment input, long base, int bytes, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    for (int i = 0; i < bytes; i += VECTOR_BYTES) {
      long at = base + i;
      FloatVector z = fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN);
      FloatVector e = power(z.lanewise(ABS).lanewise(NEG), y, at);
      ONE.blend(e, z.compare(LT, ZERO))
          .lanewise(DIV, e.lanewise(ADD, ONE))
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
  }

  @Override
  public void tanh(MemorySegment input, long base, int bytes, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    for (int i = 0; i < bytes; i += VECTOR_BYTES) {
      long at = base + i;
      FloatVector z = fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN);
      FloatVector magnitude = z.lanewise(ABS);
      FloatVector e = power(magnitude.lanewise(MUL, MINUS_TWO), y, at);
      FloatVector large = ONE.lanewise(SUB, e.lanewise(ADD, e).lanewise(DIV, e.lanewise(ADD, ONE)));
      FloatVector signed = large.blend(large.lanewise(NEG), z.compare(LT, ZERO));
      signed
          .blend(smallTanh(z), magnitude.compare(LT, TANH_POLYNOMIAL_MAX_VECTOR))
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
  }

  @Override
  public void gelu(MemorySegment input, long base, int bytes, MemorySegment output) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    for (int i = 0; i < bytes; i += VECTOR_BYTES) {
      long at = base + i;
      FloatVector raw = fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN);
      FloatVector z = raised(raw);
      FloatVector bell = power(z.lanewise(MUL, MINUS_HALF).lanewise(MUL, z), y, at);
      z.lanewise(MUL, normalDistribution(z, bell)).intoMemorySegment(y, at, LITTLE_ENDIAN);
    }
  }

  @Override
  public void geluGrad(
      MemorySegment outputGrad,
      MemorySegment input,
      long base,
      int bytes,
      MemorySegment inputGrad) {
    MemorySegment dy = OffHeap.of(outputGrad);
    MemorySegment x = OffHeap.of(input);
    MemorySegment dz = OffHeap.of(inputGrad);
    for (int i = 0; i < bytes; i += VECTOR_BYTES) {
      long at = base + i;
      // Before power() writes where dy may be.
      FloatVector slope = fromMemorySegment(SPECIES, dy, at, LITTLE_ENDIAN);
      FloatVector raw = raised(fromMemorySegment(SPECIES, x, at, LITTLE_ENDIAN));
      FloatVector z = raw.blend(NORMAL_MAX_VECTOR, raw.compare(GT, NORMAL_MAX_VECTOR));
      FloatVector bell = power(z.lanewise(MUL, MINUS_HALF).lanewise(MUL, z), dz, at);
      FloatVector derivative =
          z.lanewise(MUL, INVERSE_ROOT_2_PI_VECTOR)
              .lanewise(FMA, bell, normalDistribution(z, bell));
      slope.lanewise(MUL, derivative).intoMemorySegment(dz, at, LITTLE_ENDIAN);
    }
  }

  /// `e^x` for x up to [dev.sluice.kernel.Polynomials#EXP_MAX].
  ///
  /// The float that holds the exponent is shifted by way of memory, in the place of the result to be: `reinterpretAsInts`, while it is
  /// interpreted, accesses a heap segment, and from then on the JIT compiles every access to any segment for both kinds, several
  /// times slower, in these and all other kernels.
  ///
  /// @param y where a vector at `at` may be overwritten
  @Inlined
  private static FloatVector power(FloatVector x, MemorySegment y, long at) {
    FloatVector shifted = x.lanewise(FMA, LOG2_E_VECTOR, ROUND_VECTOR);
    FloatVector n = shifted.lanewise(SUB, ROUND_VECTOR);
    FloatVector r =
        n.lanewise(FMA, MINUS_LN2_LOW_VECTOR, n.lanewise(FMA, MINUS_LN2_HIGH_VECTOR, x));
    FloatVector q =
        r.lanewise(FMA, EXP_6_VECTOR, EXP_5_VECTOR)
            .lanewise(FMA, r, EXP_4_VECTOR)
            .lanewise(FMA, r, EXP_3_VECTOR)
            .lanewise(FMA, r, EXP_2_VECTOR);
    FloatVector power = q.lanewise(FMA, r.lanewise(MUL, r), r).lanewise(ADD, ONE);
    shifted.intoMemorySegment(y, at, LITTLE_ENDIAN);
    IntVector.fromMemorySegment(INT_SPECIES, y, at, LITTLE_ENDIAN)
        .lanewise(LSHL, EXPONENT_SHIFT)
        .intoMemorySegment(y, at, LITTLE_ENDIAN);
    FloatVector scale = fromMemorySegment(SPECIES, y, at, LITTLE_ENDIAN);
    return power.lanewise(MUL, scale).blend(ZERO, x.compare(LT, EXP_MIN_VECTOR));
  }

  /// The polynomial of `tanh(z)` for small z.
  @Inlined
  private static FloatVector smallTanh(FloatVector z) {
    FloatVector square = z.lanewise(MUL, z);
    FloatVector p =
        square
            .lanewise(FMA, TANH_11_VECTOR, TANH_9_VECTOR)
            .lanewise(FMA, square, TANH_7_VECTOR)
            .lanewise(FMA, square, TANH_5_VECTOR)
            .lanewise(FMA, square, TANH_3_VECTOR)
            .lanewise(FMA, square, ONE);
    return z.lanewise(MUL, p);
  }

  /// Held from below by −[dev.sluice.kernel.Polynomials#NORMAL_MAX].
  @Inlined
  private static FloatVector raised(FloatVector z) {
    return z.blend(MINUS_NORMAL_MAX_VECTOR, z.compare(LT, MINUS_NORMAL_MAX_VECTOR));
  }

  /// `Φ(z)`, given `e^(−z²/2)`.
  @Inlined
  private static FloatVector normalDistribution(FloatVector z, FloatVector bell) {
    FloatVector t = ONE.lanewise(DIV, z.lanewise(ABS).lanewise(FMA, NORMAL_SCALE_VECTOR, ONE));
    FloatVector p =
        t.lanewise(FMA, NORMAL_9_VECTOR, NORMAL_8_VECTOR)
            .lanewise(FMA, t, NORMAL_7_VECTOR)
            .lanewise(FMA, t, NORMAL_6_VECTOR)
            .lanewise(FMA, t, NORMAL_5_VECTOR)
            .lanewise(FMA, t, NORMAL_4_VECTOR)
            .lanewise(FMA, t, NORMAL_3_VECTOR)
            .lanewise(FMA, t, NORMAL_2_VECTOR)
            .lanewise(FMA, t, NORMAL_1_VECTOR);
    FloatVector tail = p.lanewise(MUL, t).lanewise(MUL, bell);
    return ONE.lanewise(SUB, tail).blend(tail, z.compare(LT, ZERO));
  }
}
