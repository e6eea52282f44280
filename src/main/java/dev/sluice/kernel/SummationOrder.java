package dev.sluice.kernel;

/// The order in which every product adds up, a part of the contract of all kernels.
///
/// `sum(k ∈ K) x[k]·w[k]` in the kernels' documentation stands for: inputs are cut into chunks of [#CHUNK_INPUTS] (chunk `c` is
/// `c·CHUNK_INPUTS ≤ k < (c+1)·CHUNK_INPUTS`); in a chunk one accumulator starts at +0 and takes
/// `fma(x[k], w[k], accumulator)` over the chunk's members of `K` in ascending order; the sum starts at +0 and takes the chunk
/// sums in ascending order; the bias is added last. Every implementation, width and batch size follows it, so all give the same
/// bits. As an accumulator that starts at +0 never becomes −0, leaving out a zero input with a finite weight, or a whole chunk of
/// them, changes no bit either.
public final class SummationOrder {
  /// Short enough that a panel's chunk (16 KiB at B = 32) stays in the first-level cache while the rows of a batch pass over
  /// it and that 784 inputs give six chunks to run side by side; long enough that adding up chunks costs under 2 %.
  public static final int CHUNK_INPUTS = 128;

  private SummationOrder() {}
}
