package dev.sluice.account;

import java.util.Arrays;
import java.util.Objects;

/// Executed and skipped MACs per layer and kind, in slots their owner reuses: a request overwrites or adds, nothing is allocated.
///
/// Kinds and padding are apart. Panels count true units; what the padding lanes of a last block execute is overhead
/// and counts in `paddingMacs` alone, by kind as well. Per layer and row
///
/// ```
/// panelMacs + skippedByGateMacs + skippedAsZeroMacs + skippedAsPrunedMacs = units · inputs     the dense layer's MACs
/// gateMacs  + gateSkippedAsZeroMacs                 = the gate's MACs over the inputs its row opens
/// ```
///
/// and for light paths and halting units as for gates; 0 of all these where the layer's stage did not run, whose dense MACs are skipped by gate, dead
/// tiles among them.
///
/// MACs of dead tiles ([dev.sluice.memory.TileMap]) are either skipped as pruned or, where they run all the same, in `prunedNotSkippedMacs` beside the kinds
/// they are counted in; structural MACs have neither.
///
/// Not thread-safe.
public final class MacCount {
  /// What products are for.
  public enum Kind {
    /// A layer's own product.
    PANEL,
    /// From a layer's input to the logits of its gates.
    GATE,
    /// A layer's low-rank approximation.
    LIGHT,
    /// Halting units.
    EXIT
  }

  private static final int KINDS = Kind.values().length;
  private static final int EXECUTED = 0;
  private static final int SKIPPED_AS_ZERO = EXECUTED + KINDS;
  private static final int PADDING = SKIPPED_AS_ZERO + KINDS;
  private static final int SKIPPED_BY_GATE = PADDING + KINDS;
  private static final int SKIPPED_AS_PRUNED = SKIPPED_BY_GATE + 1;
  private static final int PRUNED_NOT_SKIPPED = SKIPPED_AS_PRUNED + 1;
  private static final int QUANTITIES = PRUNED_NOT_SKIPPED + 1;

  private final int layers;

  /// Quantity by quantity, each of all layers; those of the kinds follow each other, so that sums over layers and kinds are sums over one run of slots.
  private final long[] slots;

  public MacCount(int layers) {
    this.layers = layers;
    this.slots = new long[QUANTITIES * layers];
  }

  public int layers() {
    return layers;
  }

  public void reset() {
    Arrays.fill(slots, 0);
  }

  private int slot(int quantity, int layer) {
    return quantity * layers + Objects.checkIndex(layer, layers);
  }

  private int slot(int quantity, Kind kind, int layer) {
    return slot(quantity + kind.ordinal(), layer);
  }

  public void add(Kind kind, int layer, long macs, long paddingMacs) {
    slots[slot(EXECUTED, kind, layer)] += macs;
    slots[slot(PADDING, kind, layer)] += paddingMacs;
  }

  /// What products of open units left out over inputs that are read but are exactly zero.
  public void addSkippedAsZero(Kind kind, int layer, long macs) {
    slots[slot(SKIPPED_AS_ZERO, kind, layer)] += macs;
  }

  /// What a layer's own product left out of closed units, or over inputs that the layer before closed, or as its stage did not run.
  public void addSkippedByGate(int layer, long macs) {
    slots[slot(SKIPPED_BY_GATE, layer)] += macs;
  }

  /// Takes the MACs of a layer's dead tiles out of what [#add] and [#addSkippedAsZero] were told of its panels: they were left out for good.
  ///
  /// @param fromZeros of dead tiles over inputs that are exactly zero
  public void takePruned(int layer, long fromPanel, long fromZeros, long fromPadding) {
    add(Kind.PANEL, layer, -fromPanel, -fromPadding);
    addSkippedAsZero(Kind.PANEL, layer, -fromZeros);
    slots[slot(SKIPPED_AS_PRUNED, layer)] += fromPanel + fromZeros;
  }

  /// MACs of a layer's dead tiles that were treated like any others.
  public void addPrunedNotSkipped(int layer, long macs) {
    slots[slot(PRUNED_NOT_SKIPPED, layer)] += macs;
  }

  /// Adds all slots of `other`, which must have as many layers.
  public void add(MacCount other) {
    if (other.layers != layers) {
      throw new IllegalArgumentException(
          "layer counts differ: expected=" + layers + ", actual=" + other.layers);
    }
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] += other.slots[slot];
    }
  }

  public long macs(Kind kind, int layer) {
    return slots[slot(EXECUTED, kind, layer)];
  }

  /// Over inputs that were read and found to be exactly zero.
  public long skippedAsZeroMacs(Kind kind, int layer) {
    return slots[slot(SKIPPED_AS_ZERO, kind, layer)];
  }

  public long panelMacs(int layer) {
    return macs(Kind.PANEL, layer);
  }

  public long gateMacs(int layer) {
    return macs(Kind.GATE, layer);
  }

  public long lightMacs(int layer) {
    return macs(Kind.LIGHT, layer);
  }

  public long exitMacs(int layer) {
    return macs(Kind.EXIT, layer);
  }

  /// What the lanes of no unit executed.
  public long paddingMacs(Kind kind, int layer) {
    return slots[slot(PADDING, kind, layer)];
  }

  /// Of all kinds.
  public long paddingMacs(int layer) {
    long sum = 0;
    for (int kind = 0; kind < KINDS; kind++) {
      sum += slots[slot(PADDING + kind, layer)];
    }
    return sum;
  }

  /// Of the layer's own product: closed units, open units over closed inputs, and all of a layer whose stage did not run.
  public long skippedByGateMacs(int layer) {
    return slots[slot(SKIPPED_BY_GATE, layer)];
  }

  /// Of the layer's own product: open units over inputs that were read and found to be exactly zero.
  public long skippedAsZeroMacs(int layer) {
    return skippedAsZeroMacs(Kind.PANEL, layer);
  }

  /// Of the layer's gate: over inputs that were read and found to be exactly zero.
  public long gateSkippedAsZeroMacs(int layer) {
    return skippedAsZeroMacs(Kind.GATE, layer);
  }

  /// Of the layer's own product: dead tiles of open units over open inputs, left out.
  public long skippedAsPrunedMacs(int layer) {
    return slots[slot(SKIPPED_AS_PRUNED, layer)];
  }

  /// Dead tiles of open units over open inputs that were not left out; they are in [#panelMacs] or [#skippedAsZeroMacs] as well.
  public long prunedNotSkippedMacs(int layer) {
    return slots[slot(PRUNED_NOT_SKIPPED, layer)];
  }

  /// What was multiplied in all layers, of every kind; padding is not in it.
  public long executedMacs() {
    return sum(EXECUTED, KINDS);
  }

  /// Of all layers.
  public long macs(Kind kind) {
    return sum(EXECUTED + kind.ordinal(), 1);
  }

  /// What gates, exits and pruning leave to be executed: [#executedMacs] and what was skipped as zero, without dead tiles. It does not depend on the
  /// machine, and relative MACs are made of it.
  public long structuralMacs() {
    return executedMacs() + skippedAsZeroMacs() - sum(PRUNED_NOT_SKIPPED, 1);
  }

  /// Of all layers' own products.
  public long skippedAsPrunedMacs() {
    return sum(SKIPPED_AS_PRUNED, 1);
  }

  public long paddingMacs() {
    return sum(PADDING, KINDS);
  }

  /// Of all layers' own products.
  public long skippedByGateMacs() {
    return sum(SKIPPED_BY_GATE, 1);
  }

  /// Of every kind in all layers.
  public long skippedAsZeroMacs() {
    return sum(SKIPPED_AS_ZERO, KINDS);
  }

  private long sum(int quantity, int quantities) {
    long sum = 0;
    for (int slot = quantity * layers; slot < (quantity + quantities) * layers; slot++) {
      sum += slots[slot];
    }
    return sum;
  }
}
