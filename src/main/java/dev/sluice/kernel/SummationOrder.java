package dev.sluice.kernel;

/// The order in which every product adds up, a part of the contract of all kernels.
///
/// `sum(k ∈ K) x[k]·w[k]` over `in` inputs stands for: inputs are cut into chunks, see [#chunkInputs]; in a chunk one accumulator starts at +0 and
/// takes `fma(x[k], w[k], accumulator)` over the chunk's members of `K` in ascending order; the sum starts at +0 and takes the chunk sums
/// in ascending order; the bias is added last. Every implementation, width and batch size follows it, so all give the same bits. As a sum
/// that starts at +0 never becomes −0, leaving out a zero input with a finite weight, or a whole chunk of them, changes no bit either: at most the
/// sign of a zero chunk sum.
///
/// Chunks are there for long rows: several are read side by side, from places that are not too far apart, and rounding errors grow less. Short
/// products do without, since batches lose a little by every chunk: a loop is entered anew, and sums are added up.
public final class SummationOrder {
  /// Chunks that run side by side; a product that is cut has a multiple of it, and the rest.
  public static final int SIDE_BY_SIDE = 4;

  private static final int LARGEST_CHUNK = 1024;
  private static final int FEWEST_INPUTS_TO_CUT = 2048;

  private SummationOrder() {}

  /// Inputs of a chunk: all if they are fewer than 2048, else `⌊in/n⌋` for `n = 4·⌈in/4096⌉`. What is left over, less than `n` inputs, is
  /// the last chunk, or from a million inputs on several.
  public static int chunkInputs(int inputs) {
    if (inputs < FEWEST_INPUTS_TO_CUT) {
      return inputs;
    }
    int largest = SIDE_BY_SIDE * LARGEST_CHUNK;
    return inputs / (SIDE_BY_SIDE * (int) (((long) inputs + largest - 1) / largest));
  }

  /// Whether there is more than one chunk.
  public static boolean isCut(int inputs) {
    return inputs >= FEWEST_INPUTS_TO_CUT;
  }

  /// Where the chunk ends that begins at `from`, exclusive.
  public static int chunkEnd(int from, int inputs) {
    return (int) Math.min(inputs, (long) from + chunkInputs(inputs));
  }
}
