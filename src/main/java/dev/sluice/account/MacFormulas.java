package dev.sluice.account;

import java.util.Arrays;

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

  /// What the gradient of inputs executes on top of [#product]: transposed panels hold whole blocks of inputs, and the padding of units is multiplied too.
  ///
  /// @param inputBlock block size of the transposed panels
  public static long inputGradientPadding(
      long paddedUnits, long units, long inputs, int inputBlock) {
    long paddedInputs = Math.ceilDiv(inputs, inputBlock) * inputBlock;
    return Math.multiplyExact(paddedUnits, paddedInputs) - product(units, inputs);
  }

  /// True units among the open blocks: the last block may hold fewer than `blockSize`.
  public static int unitsIn(
      int openBlocks, boolean lastBlockOpen, int units, int blocks, int blockSize) {
    int missingInLast = blocks * blockSize - units;
    return openBlocks * blockSize - (lastBlockOpen ? missingInLast : 0);
  }

  /// Executed over dense MACs.
  public static double relative(long executedMacs, long denseMacs) {
    return (double) executedMacs / denseMacs;
  }

  /// Relative MACs as published for CIFAR-10 and PBMC3k, without gates' own: `Σ_l a_{l−1} a_l M_l / Σ_l M_l`, `a_0 = 1`.
  ///
  /// @param denseMacs of each layer, `M_l`
  /// @param openShares mean share of each layer's gates that are open, `a_l`
  public static double bothSided(long[] denseMacs, double[] openShares) {
    double sum = 0;
    for (int layer = 0; layer < denseMacs.length; layer++) {
      sum += openBefore(layer, openShares) * openShares[layer] * denseMacs[layer];
    }
    return sum / Arrays.stream(denseMacs).sum();
  }

  /// The same as published for Speech Commands and MNIST: `Σ_l a_{l−1} M_l / Σ_l M_l`.
  public static double inputSided(long[] denseMacs, double[] openShares) {
    double sum = 0;
    for (int layer = 0; layer < denseMacs.length; layer++) {
      sum += openBefore(layer, openShares) * denseMacs[layer];
    }
    return sum / Arrays.stream(denseMacs).sum();
  }

  /// The same as published for Tiny-ImageNet, which takes mean soft gates for `a`: `(Σ_{l<L} M_l + a_{L−1} M_L) / Σ_l M_l`.
  public static double lastLayerSided(long[] denseMacs, double[] openShares) {
    int last = denseMacs.length - 1;
    double dense = Arrays.stream(denseMacs).sum();
    return (dense - denseMacs[last] + openBefore(last, openShares) * denseMacs[last]) / dense;
  }

  private static double openBefore(int layer, double[] openShares) {
    return layer == 0 ? 1 : openShares[layer - 1];
  }
}
