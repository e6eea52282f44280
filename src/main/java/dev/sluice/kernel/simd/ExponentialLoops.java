package dev.sluice.kernel.simd;

import java.lang.foreign.MemorySegment;

/// Functions built on `e^x`, of whole vectors. All take `bytes` from `base` on, at least one vector, and their outputs may be the memory of their inputs.
interface ExponentialLoops {
  /// `y = e^x`
  void exp(MemorySegment x, long base, int bytes, MemorySegment y);

  /// `y = e^(x − shift)`
  ///
  /// @param shift at least the largest x
  void expShifted(MemorySegment x, float shift, long base, int bytes, MemorySegment y);

  /// `y = 1 / (1 + e^−x)`
  void sigmoid(MemorySegment x, long base, int bytes, MemorySegment y);

  void tanh(MemorySegment x, long base, int bytes, MemorySegment y);

  /// `y = x · Φ(x)`
  void gelu(MemorySegment x, long base, int bytes, MemorySegment y);

  /// `dx = dy · gelu′(x)`
  void geluGrad(MemorySegment dy, MemorySegment x, long base, int bytes, MemorySegment dx);
}
