package dev.sluice.account;

/// Multiply-accumulates as arithmetic on shapes and active counts. One MAC is one product of a weight and an activation that is
/// added to a sum; biases and activation functions are none.
public final class MacFormulas {
  private MacFormulas() {}

  /// A product of `units` true units over `inputs` read inputs.
  public static long product(long units, long inputs) {
    return Math.multiplyExact(units, inputs);
  }

  /// What padding to whole blocks executes on top of [#product].
  public static long padding(long paddedUnits, long units, long inputs) {
    return Math.multiplyExact(paddedUnits - units, inputs);
  }

  /// True units among the open blocks: the last block may hold fewer than `blockSize`.
  public static int unitsIn(int openBlocks, boolean lastBlockOpen, int units, int blockSize) {
    int blocks = (units + blockSize - 1) / blockSize;
    int missingInLast = blocks * blockSize - units;
    return openBlocks * blockSize - (lastBlockOpen ? missingInLast : 0);
  }

  /// Executed over dense MACs.
  public static double relative(long executedMacs, long denseMacs) {
    return (double) executedMacs / denseMacs;
  }
}
