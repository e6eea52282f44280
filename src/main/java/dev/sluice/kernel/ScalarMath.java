package dev.sluice.kernel;

import static dev.sluice.kernel.Polynomials.*;
import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.OptimizerKernels.AdamWStep;
import dev.sluice.kernel.OptimizerKernels.SgdStep;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// The elementary functions, one f32 at a time: the chains of correctly rounded operations that the contract of
/// [ElementwiseKernels] and [OptimizerKernels] means by "identical bits". SIMD kernels repeat each chain operation by operation
/// and use these methods for the elements that do not fill a vector.
///
/// NaN gives NaN. Errors are the largest against double precision, measured on every fifth f32 (GELU: every fifteenth); 1 ulp is a
/// unit in the last place of the exact result, 6e-8 to 1.2e-7 of it.
public final class ScalarMath {
  private ScalarMath() {}

  /// 1.01 ulp (8.4e-8 of the value) from −87.33 to 88.37; 0 below, `e^88.37` above.
  public static float exp(float x) {
    float capped = x > EXP_MAX ? EXP_MAX : x;
    float shifted = Math.fma(capped, LOG2_E, ROUND_TO_EXPONENT);
    float n = shifted - ROUND_TO_EXPONENT;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, capped));
    float q = Math.fma(EXP_6, r, EXP_5);
    q = Math.fma(q, r, EXP_4);
    q = Math.fma(q, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    float power = Math.fma(q, r * r, r) + 1f;
    float scale = Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << EXPONENT_SHIFT);
    // A product, not an addition to the exponent's bits: it keeps NaN.
    return x < EXP_MIN ? 0f : power * scale;
  }

  /// 2.4 ulp (1.8e-7 of the value) from −87.33 up; 0 below. Only `e^−|x|` is taken, so nothing overflows.
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    float numerator = x < 0f ? e : 1f;
    return numerator / (e + 1f);
  }

  /// 1.5 ulp (1.6e-7 of the value); ±0 keep their sign.
  public static float tanh(float x) {
    float a = Math.abs(x);
    float square = x * x;
    float p = Math.fma(TANH_11, square, TANH_9);
    p = Math.fma(p, square, TANH_7);
    p = Math.fma(p, square, TANH_5);
    p = Math.fma(p, square, TANH_3);
    float small = x * Math.fma(p, square, 1f);
    float e = exp(a * -2f);
    float large = 1f - (e + e) / (e + 1f);
    float signed = x < 0f ? -large : large;
    return a < TANH_POLYNOMIAL_MAX ? small : signed;
  }

  /// `dy · (1 − y²)`; the bracket's error is 1.4e-7 if `y` is [#tanh] of z.
  public static float tanhGrad(float dy, float y) {
    return dy * Math.fma(-y, y, 1f);
  }

  /// `max(0, z)`: +0 for −0.
  public static float relu(float z) {
    return z <= 0f ? 0f : z;
  }

  /// 0 where the unit is off, whatever `dy`.
  public static float reluGrad(float dy, float z) {
    return z <= 0f ? 0f : dy;
  }

  /// `x·Φ(x)`: error 1.2e-7 · max(1, |x|); 7.5 ulp from −1 up to the largest f32, growing to 70 ulp at −13.2; −0 below.
  public static float gelu(float x) {
    float z = x < -NORMAL_MAX ? -NORMAL_MAX : x;
    return z * normalDistribution(z, bell(z));
  }

  /// `dy · (Φ(x) + x·φ(x))`; the bracket's error is 2.5e-7.
  public static float geluGrad(float dy, float x) {
    float raised = x < -NORMAL_MAX ? -NORMAL_MAX : x;
    float z = raised > NORMAL_MAX ? NORMAL_MAX : raised;
    float bell = bell(z);
    return dy * Math.fma(z * INVERSE_ROOT_2_PI, bell, normalDistribution(z, bell));
  }

  /// `Φ(x)`, the standard normal distribution: error 1.2e-7.
  public static float normalDistribution(float x) {
    float raised = x < -NORMAL_MAX ? -NORMAL_MAX : x;
    float z = raised > NORMAL_MAX ? NORMAL_MAX : raised;
    return normalDistribution(z, bell(z));
  }

  /// `e^(−z²/2)`
  private static float bell(float z) {
    return exp(z * -0.5f * z);
  }

  /// `Φ(z)`, given [#bell] of z.
  private static float normalDistribution(float z, float bell) {
    float t = 1f / Math.fma(Math.abs(z), NORMAL_SCALE, 1f);
    float p = Math.fma(NORMAL_9, t, NORMAL_8);
    p = Math.fma(p, t, NORMAL_7);
    p = Math.fma(p, t, NORMAL_6);
    p = Math.fma(p, t, NORMAL_5);
    p = Math.fma(p, t, NORMAL_4);
    p = Math.fma(p, t, NORMAL_3);
    p = Math.fma(p, t, NORMAL_2);
    p = Math.fma(p, t, NORMAL_1);
    float tail = p * t * bell;
    return z < 0f ? tail : 1f - tail;
  }

  /// `log(Σ e^x)` of values with this maximum and this sum of `e^(x − max)`. StrictMath, as Math.log may differ by machine.
  public static float logSumExp(float max, float sum) {
    return (float) (max + StrictMath.log(sum));
  }

  /// [OptimizerKernels#adamW] of the one element at `atBytes`.
  public static void adamW(
      AdamWStep step,
      MemorySegment gradient,
      MemorySegment m,
      MemorySegment v,
      long atBytes,
      MemorySegment w) {
    float g = step.gradientScale() * gradient.get(FLOAT, atBytes);
    float newM = Math.fma(step.beta1(), m.get(FLOAT, atBytes), (1f - step.beta1()) * g);
    float newV = Math.fma(step.beta2(), v.get(FLOAT, atBytes), (1f - step.beta2()) * g * g);
    // The root of a double, rounded, is the correctly rounded root of an f32.
    float root = (float) Math.sqrt(newV);
    float update = newM / (root * step.inverseRootCorrection2() + step.epsilon());
    m.set(FLOAT, atBytes, newM);
    v.set(FLOAT, atBytes, newV);
    w.set(FLOAT, atBytes, Math.fma(-step.stepSize(), update, w.get(FLOAT, atBytes) * step.decay()));
  }

  /// [OptimizerKernels#sgd] of the one element at `atBytes`.
  public static void sgd(
      SgdStep step, MemorySegment gradient, MemorySegment velocity, long atBytes, MemorySegment w) {
    float oldW = w.get(FLOAT, atBytes);
    float g =
        Math.fma(step.weightDecay(), oldW, step.gradientScale() * gradient.get(FLOAT, atBytes));
    float newVelocity = Math.fma(step.momentum(), velocity.get(FLOAT, atBytes), g);
    float direction = step.nesterov() ? Math.fma(step.momentum(), newVelocity, g) : newVelocity;
    velocity.set(FLOAT, atBytes, newVelocity);
    w.set(FLOAT, atBytes, Math.fma(-step.learningRate(), direction, oldW));
  }

  /// The end of a product: `sum + bias[unit]`, or, where weights carry scales, `fma(sum, scale[unit], bias[unit])`.
  public static float withBias(Panels w, float sum, MemorySegment bias, int unit) {
    float unitBias = bias.get(FLOAT, (long) unit * Float.BYTES);
    return w.layout().precision().isScaled()
        ? Math.fma(sum, w.scale(unit), unitBias)
        : sum + unitBias;
  }
}
