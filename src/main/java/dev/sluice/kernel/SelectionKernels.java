package dev.sluice.kernel;

import java.lang.foreign.MemorySegment;

/// Which of a row's inputs are worth reading.
///
/// Non-zero is what compares unequal to 0: ±0 is left out; ∞, NaN and subnormal numbers are in. With finite weights a product over the
/// non-zero inputs alone has the bits of the product over all, see [SummationOrder]. `x` is an off-heap vector of f32, 64-byte
/// aligned; `nonZeros` is replaced and needs a capacity above the largest index listed. Stateless, thread-safe.
public interface SelectionKernels {
  /// Makes `nonZeros` the indices `0 ≤ k < count` with `x[k] ≠ 0`.
  ///
  /// @param nonZeros of a capacity of at least `count`
  void listNonZeros(MemorySegment x, int count, ActiveSet nonZeros);

  /// Makes `nonZeros` the members `k` of `among` with `x[k] ≠ 0`; other elements of `x` are not read, or have no influence.
  ///
  /// @param nonZeros of a capacity of at least that of `among`; not the same object
  void listNonZeros(MemorySegment x, ActiveSet among, ActiveSet nonZeros);
}
