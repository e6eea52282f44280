package dev.sluice.account;

import java.util.Arrays;

/// A [MacCount] that is added to, in slots that are reused: nothing is allocated.
///
/// Not thread-safe.
public final class MacCounter extends MacCount {
  public MacCounter(int layers) {
    super(layers);
  }

  public void reset() {
    Arrays.fill(slots, 0);
  }

  public void add(Kind kind, int layer, long macs, long paddingMacs) {
    add(kind, layer, macs, paddingMacs, 0);
  }

  /// @param skippedAsZeroMacs what products of open units left out over inputs that are read but are exactly zero
  public void add(Kind kind, int layer, long macs, long paddingMacs, long skippedAsZeroMacs) {
    slots[slot(EXECUTED, kind, layer)] += macs;
    slots[slot(PADDING, kind, layer)] += paddingMacs;
    slots[slot(SKIPPED_AS_ZERO, kind, layer)] += skippedAsZeroMacs;
  }

  /// What a layer's own product left out of closed units, or over inputs that the layer before closed, or as its stage did not run.
  public void addSkippedByGate(int layer, long macs) {
    slots[slot(SKIPPED_BY_GATE, layer)] += macs;
  }

  /// Takes the MACs of a layer's dead tiles out of what [#add(Kind, int, long, long, long)] was told of its panels: they were left out for good.
  ///
  /// @param fromZeros of dead tiles over inputs that are exactly zero
  public void takePruned(int layer, long fromPanel, long fromZeros, long fromPadding) {
    add(Kind.PANEL, layer, -fromPanel, -fromPadding, -fromZeros);
    slots[slot(SKIPPED_AS_PRUNED, layer)] += fromPanel + fromZeros;
  }

  /// MACs of a layer's dead tiles that were treated like any others.
  public void addPrunedNotSkipped(int layer, long macs) {
    slots[slot(PRUNED_NOT_SKIPPED, layer)] += macs;
  }

  /// Adds all slots of `other`, which must have as many layers.
  public void add(MacCount other) {
    if (other.layers() != layers()) {
      throw new IllegalArgumentException(
          "layer counts differ: expected=" + layers() + ", actual=" + other.layers());
    }
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] += other.slots[slot];
    }
  }
}
