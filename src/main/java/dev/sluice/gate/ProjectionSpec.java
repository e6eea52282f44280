package dev.sluice.gate;

import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;

/// Shape of one product with bias and activation: what layers and gates alike are made of.
///
/// @param inputs 0 for a product that is its bias alone
/// @param hasBias false: the bias exists as zeros, is not stored and not trained
public record ProjectionSpec(
    int inputs, int units, int blockSize, boolean hasBias, Activation activation) {
  /// Gates are narrow: larger blocks would only pad them.
  private static final int LARGEST_GATE_BLOCK_SIZE = 32;

  /// A product inside a gate, in the block size that pads it least.
  public static ProjectionSpec inGate(
      int inputs, int units, boolean hasBias, Activation activation) {
    int blockSize = PanelLayout.fittingBlockSize(units, LARGEST_GATE_BLOCK_SIZE);
    return new ProjectionSpec(inputs, units, blockSize, hasBias, activation);
  }

  public PanelLayout layout() {
    return new PanelLayout(units, inputs, blockSize);
  }
}
