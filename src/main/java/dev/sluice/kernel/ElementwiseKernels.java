package dev.sluice.kernel;

import java.lang.foreign.MemorySegment;

/// Element by element operations, and the few sums that training needs.
///
/// All operate on `count` f32 of off-heap segments from `offsetBytes` on, the same offset in every argument unless named
/// apart; `count` need not be a multiple of anything. Outputs may be the same memory as inputs, element for element. Each
/// element's value depends on that element alone and is computed by the same chain of correctly rounded operations in every
/// implementation: identical bits (NaNs are equal whatever their payload). [ScalarMath] has the chains and their errors. NaN gives
/// NaN, but for ReLU's gradient. `count` is below 2^29 (2 GiB).
public interface ElementwiseKernels {
  /// `y = φ(z)`
  void activate(
      Activation activation, MemorySegment z, long offsetBytes, int count, MemorySegment y);

  /// `dz = dy · φ′(z)`, with `y = φ(z)` at hand. ReLU's is 0 for `z ≤ 0` whatever `dy`, else `dy`.
  void activationGrad(
      Activation activation,
      MemorySegment dy,
      MemorySegment z,
      MemorySegment y,
      long offsetBytes,
      int count,
      MemorySegment dz);

  /// `y = 1 / (1 + e^−x)` within 2.5 ulp; 0 below −87.33.
  void sigmoid(MemorySegment x, long offsetBytes, int count, MemorySegment y);

  /// `y = e^x` within 1.1 ulp for −87.33 ≤ x ≤ 88.37; 0 below, `e^88.37` (2.4e38) above, so never a subnormal number nor ∞.
  void exp(MemorySegment x, long offsetBytes, int count, MemorySegment y);

  /// `y = a · b`
  void multiply(MemorySegment a, MemorySegment b, long offsetBytes, int count, MemorySegment y);

  /// `y = fma(scale, x, y)`
  void addScaled(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y);

  /// `y = scale · x`
  void scale(float scale, MemorySegment x, long offsetBytes, int count, MemorySegment y);

  void fill(float value, MemorySegment y, long offsetBytes, int count);

  /// Σ x², for gradient norms. Runs of [#SUM_RUN] elements: 16 accumulators, the j-th takes `fma(x, x, acc)` of elements j, j+16, …
  /// of the run; they are added in ascending j as doubles; runs are added in ascending order as doubles. (The last run's
  /// missing elements count as zero.)
  double sumOfSquares(MemorySegment x, long offsetBytes, int count);

  int SUM_RUN = 4096;

  /// Softmax in place over one row of `count` logits: subtracts the maximum, `e^x`, divides by the sum, which is taken in
  /// ascending order. A row with NaN or +∞ in it, or with nothing but −∞, becomes NaN.
  void softmaxInPlace(MemorySegment logits, long offsetBytes, int count);

  /// The same, for losses: returns the logarithm of the sum of the exponentials of the logits, −∞ for an empty row.
  float softmaxAndLogSumInPlace(MemorySegment logits, long offsetBytes, int count);
}
