package dev.sluice.kernel;

import java.lang.foreign.MemorySegment;
import org.apache.commons.math3.special.Erf;

/// The operations of [ElementwiseKernels] that give one value per element, in one form: two inputs and an output that has a value before.
enum ElementwiseOperation {
  RELU((k, a, b, at, n, y) -> k.activate(Activation.RELU, a, at, n, y), (a, b, y) -> relu(a), 0, 0),
  GELU(
      (k, a, b, at, n, y) -> k.activate(Activation.GELU, a, at, n, y),
      (a, b, y) -> gelu(a),
      0,
      2e-7),
  TANH(
      (k, a, b, at, n, y) -> k.activate(Activation.TANH, a, at, n, y),
      (a, b, y) -> Math.tanh(a),
      1.6,
      0),
  IDENTITY(
      (k, a, b, at, n, y) -> k.activate(Activation.IDENTITY, a, at, n, y), (a, b, y) -> a, 0, 0),
  RELU_GRAD(
      (k, a, b, at, n, y) -> k.activationGrad(Activation.RELU, a, b, b, at, n, y),
      (a, b, y) -> b > 0 ? a : 0,
      0,
      0),
  GELU_GRAD(
      (k, a, b, at, n, y) -> k.activationGrad(Activation.GELU, a, b, b, at, n, y),
      (a, b, y) -> a * geluDerivative(b),
      0,
      4e-7),
  TANH_GRAD(
      (k, a, b, at, n, y) -> k.activationGrad(Activation.TANH, a, b, b, at, n, y),
      (a, b, y) -> a * (1 - b * b),
      1.1,
      0),
  IDENTITY_GRAD(
      (k, a, b, at, n, y) -> k.activationGrad(Activation.IDENTITY, a, b, b, at, n, y),
      (a, b, y) -> a,
      0,
      0),
  SIGMOID((k, a, b, at, n, y) -> k.sigmoid(a, at, n, y), (a, b, y) -> sigmoid(a), 2.5, 0),
  EXP((k, a, b, at, n, y) -> k.exp(a, at, n, y), (a, b, y) -> exp(a), 1.1, 0),
  MULTIPLY((k, a, b, at, n, y) -> k.multiply(a, b, at, n, y), (a, b, y) -> a * b, 0.5, 0),
  ADD_SCALED(
      (k, a, b, at, n, y) -> k.addScaled(-1.7f, a, at, n, y), (a, b, y) -> -1.7f * a + y, 0.51, 0),
  SCALE((k, a, b, at, n, y) -> k.scale(-1.7f, a, at, n, y), (a, b, y) -> -1.7f * a, 0.5, 0),
  FILL((k, a, b, at, n, y) -> k.fill(-1.7f, y, at, n), (a, b, y) -> -1.7f, 0, 0);

  interface Call {
    void run(
        ElementwiseKernels kernels,
        MemorySegment a,
        MemorySegment b,
        long offsetBytes,
        int count,
        MemorySegment y);
  }

  interface Exact {
    double of(double a, double b, double y);
  }

  private final Call call;
  private final Exact exact;
  private final double ulps;
  private final double absolute;

  ElementwiseOperation(Call call, Exact exact, double ulps, double absolute) {
    this.call = call;
    this.exact = exact;
    this.ulps = ulps;
    this.absolute = absolute;
  }

  void run(
      ElementwiseKernels kernels,
      MemorySegment a,
      MemorySegment b,
      long offsetBytes,
      int count,
      MemorySegment y) {
    call.run(kernels, a, b, offsetBytes, count, y);
  }

  /// The result in double precision.
  double exact(float a, float b, float y) {
    return exact.of(a, b, y);
  }

  /// How far from [#exact] a kernel may be for inputs from −110 to 110; results below the normal range may be 0.
  double bound(float a, float b, float y) {
    double result = Math.abs(exact(a, b, y));
    double cancelled = this == TANH_GRAD ? Math.abs(a) * Math.max(1, b * b) * 0x1p-23 : 0;
    double subnormal = ulps == 0 && absolute == 0 ? 0 : 2e-38;
    return ulps * Math.ulp((float) result)
        + absolute * Math.max(1, Math.abs(a))
        + cancelled
        + subnormal;
  }

  static double relu(double z) {
    return Math.max(0, z);
  }

  static double gelu(double z) {
    return z * normalDistribution(z);
  }

  private static double geluDerivative(double z) {
    return normalDistribution(z) + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  private static double normalDistribution(double z) {
    return Erf.erfc(-z / Math.sqrt(2)) / 2;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double exp(double x) {
    return x < -87.33f ? 0 : Math.exp(Math.min(x, 88.37f));
  }
}
