package dev.sluice.account;

import java.util.Objects;

/// Executed and skipped MACs per layer and kind, to be read; [MacCounter] adds them up.
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
/// Its owner reuses it: who wants to keep figures adds them to a counter. Not thread-safe.
public abstract sealed class MacCount permits MacCounter {
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
  static final int EXECUTED = 0;
  static final int SKIPPED_AS_ZERO = EXECUTED + KINDS;
  static final int PADDING = SKIPPED_AS_ZERO + KINDS;
  static final int SKIPPED_BY_GATE = PADDING + KINDS;
  static final int SKIPPED_AS_PRUNED = SKIPPED_BY_GATE + 1;
  static final int PRUNED_NOT_SKIPPED = SKIPPED_AS_PRUNED + 1;
  private static final int QUANTITIES = PRUNED_NOT_SKIPPED + 1;

  private final int layers;

  /// Quantity by quantity, each of all layers; those of the kinds follow each other, so that sums over layers and kinds are sums over one run of slots.
  final long[] slots;

  MacCount(int layers) {
    this.layers = layers;
    this.slots = new long[QUANTITIES * layers];
  }

  public int layers() {
    return layers;
  }

  final int slot(int quantity, int layer) {
    return quantity * layers + Objects.checkIndex(layer, layers);
  }

  final int slot(int quantity, Kind kind, int layer) {
    return slot(quantity + kind.ordinal(), layer);
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

  /// Of all layers.
  public long structuralMacs(Kind kind) {
    long sum = macs(kind) + sum(SKIPPED_AS_ZERO + kind.ordinal(), 1);
    return kind == Kind.PANEL ? sum - sum(PRUNED_NOT_SKIPPED, 1) : sum;
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
