package dev.sluice.kernel;

/// The order in which every product adds up, a part of the contract of all kernels.
///
/// `sum(k ∈ K) x[k]·w[k]` over `in` inputs stands for: inputs are cut into chunks, one below 512 inputs, else `n = 4·⌈in/1024⌉` of
/// `⌊in/n⌋` inputs, the last of which takes the rest as well; in a chunk one accumulator starts at +0 and takes
/// `fma(x[k], w[k], accumulator)` over the chunk's members of `K` in ascending order; the sum starts at +0 and takes the chunk sums in ascending
/// order; the bias is added last. Every implementation, width and batch size follows it, so all give the same bits. As an accumulator that starts
/// at +0 never becomes −0, leaving out a zero input with a finite weight, or a whole chunk of them, changes no bit either.
///
/// Four chunks, or several times four, can run side by side for one row: the latency of a fused multiply-add is four cycles, and two start in
/// each. Chunks of up to 256 inputs keep the places that a long row is read from close together; chunks of less than 128 would not be worth
/// entering a loop anew, which takes the time of about 20 inputs.
public final class SummationOrder {
  /// Chunks that run side by side; a product has a multiple of it or just one.
  public static final int SIDE_BY_SIDE = 4;

  private static final int LARGEST_CHUNK = 256;
  private static final int FEWEST_INPUTS_TO_CUT = 512;

  private SummationOrder() {}

  /// Chunks of a product of `inputs` inputs; 0 for none.
  public static int chunks(int inputs) {
    if (inputs < FEWEST_INPUTS_TO_CUT) {
      return Math.min(inputs, 1);
    }
    int largest = SIDE_BY_SIDE * LARGEST_CHUNK;
    return SIDE_BY_SIDE * (int) (((long) inputs + largest - 1) / largest);
  }

  /// Inputs of each chunk but the last, which has up to `chunks − 1` more.
  public static int chunkInputs(int inputs) {
    return inputs == 0 ? 0 : inputs / chunks(inputs);
  }

  /// Where chunk `chunk` ends, exclusive.
  public static int chunkEnd(int chunk, int inputs) {
    return chunk == chunks(inputs) - 1 ? inputs : (chunk + 1) * chunkInputs(inputs);
  }
}
