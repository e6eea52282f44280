package dev.sluice.account;

import java.util.EnumMap;
import java.util.Map;

/// What the products of training steps execute: a [MacCounter] for each of the passes in which a product is multiplied. In slots that their owner
/// reuses.
///
/// A batch reads every input, closed or zero, and treats dead tiles like others; so nothing is ever skipped as zero or as pruned here. What is skipped by gate is
/// of the layer's own product, against the same pass with all blocks open. Padding of [Pass#INPUT_GRADIENT] has two causes: units that fill the last
/// block, and inputs that fill the last block of the transposed panels.
///
/// Not thread-safe.
public final class StepMacs {
  /// What a product is multiplied for.
  public enum Pass {
    /// Weights by inputs.
    FORWARD,
    /// Inputs by the gradient of units, to the gradient of weights.
    WEIGHT_GRADIENT,
    /// Transposed weights by the gradient of units, to the gradient of inputs; of products whose inputs are features there is none.
    INPUT_GRADIENT
  }

  private final int layers;
  private final Map<Pass, MacCounter> passes = new EnumMap<>(Pass.class);

  public StepMacs(int layers) {
    this.layers = layers;
    for (Pass pass : Pass.values()) {
      passes.put(pass, new MacCounter(layers));
    }
  }

  public int layers() {
    return layers;
  }

  /// Not a copy.
  public MacCounter of(Pass pass) {
    MacCounter count = passes.get(pass);
    if (count == null) {
      throw new IllegalStateException("pass has no count: pass=" + pass);
    }
    return count;
  }

  public void reset() {
    passes.values().forEach(MacCounter::reset);
  }

  /// Adds all slots of `other`, which must have as many layers.
  public void add(StepMacs other) {
    passes.forEach((pass, count) -> count.add(other.of(pass)));
  }

  /// Of all passes, padding not in it.
  public long executedMacs() {
    return passes.values().stream().mapToLong(MacCounter::executedMacs).sum();
  }

  /// Of all passes.
  public long paddingMacs() {
    return passes.values().stream().mapToLong(MacCounter::paddingMacs).sum();
  }
}
