package dev.sluice.kernel.simd;

import java.lang.foreign.MemorySegment;

/// What [dev.sluice.kernel.ElementwiseKernels] asks for and takes no exponential. All take `bytes` from `base` on.
interface ElementwiseLoops {
  void relu(MemorySegment z, long base, int bytes, MemorySegment y);

  void reluGrad(MemorySegment dy, MemorySegment z, long base, int bytes, MemorySegment dz);

  /// @param y the tanh
  void tanhGrad(MemorySegment dy, MemorySegment y, long base, int bytes, MemorySegment dz);

  /// `y = a · b`
  void multiply(MemorySegment a, MemorySegment b, long base, int bytes, MemorySegment y);

  /// `y = fma(scale, x, y)`
  void addScaled(float scale, MemorySegment x, long base, int bytes, MemorySegment y);

  /// `y = scale · x`
  void scale(float scale, MemorySegment x, long base, int bytes, MemorySegment y);

  void fill(float value, MemorySegment y, long base, int bytes);

  /// Σ x² in the order that the kernels' contract gives.
  double sumOfSquares(MemorySegment x, long base, int bytes);

  /// The largest, −∞ of none.
  float max(MemorySegment x, long base, int bytes);

  /// `x = x / divisor`
  void divide(MemorySegment x, long base, int bytes, float divisor);
}
