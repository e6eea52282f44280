package dev.sluice.account;

import java.util.Arrays;

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

  private final long[][] executed;
  private final long[][] skippedAsZero;
  private final long[][] padding;
  private final long[] skippedByGateMacs;
  private final long[] skippedAsPrunedMacs;
  private final long[] prunedNotSkippedMacs;

  public MacCount(int layers) {
    this.executed = new long[KINDS][layers];
    this.skippedAsZero = new long[KINDS][layers];
    this.padding = new long[KINDS][layers];
    this.skippedByGateMacs = new long[layers];
    this.skippedAsPrunedMacs = new long[layers];
    this.prunedNotSkippedMacs = new long[layers];
  }

  public int layers() {
    return skippedByGateMacs.length;
  }

  public void reset() {
    for (int kind = 0; kind < KINDS; kind++) {
      Arrays.fill(executed[kind], 0);
      Arrays.fill(skippedAsZero[kind], 0);
      Arrays.fill(padding[kind], 0);
    }
    Arrays.fill(skippedByGateMacs, 0);
    Arrays.fill(skippedAsPrunedMacs, 0);
    Arrays.fill(prunedNotSkippedMacs, 0);
  }

  public void add(Kind kind, int layer, long macs, long paddingMacs) {
    executed[kind.ordinal()][layer] += macs;
    padding[kind.ordinal()][layer] += paddingMacs;
  }

  /// What products of open units left out over inputs that are read but are exactly zero.
  public void addSkippedAsZero(Kind kind, int layer, long macs) {
    skippedAsZero[kind.ordinal()][layer] += macs;
  }

  /// What a layer's own product left out of closed units, or over inputs that the layer before closed, or as its stage did not run.
  public void addSkippedByGate(int layer, long macs) {
    skippedByGateMacs[layer] += macs;
  }

  /// Takes the MACs of a layer's dead tiles out of what [#add] and [#addSkippedAsZero] were told of its panels: they were left out for good.
  ///
  /// @param fromZeros of dead tiles over inputs that are exactly zero
  public void takePruned(int layer, long fromPanel, long fromZeros, long fromPadding) {
    executed[Kind.PANEL.ordinal()][layer] -= fromPanel;
    skippedAsZero[Kind.PANEL.ordinal()][layer] -= fromZeros;
    padding[Kind.PANEL.ordinal()][layer] -= fromPadding;
    skippedAsPrunedMacs[layer] += fromPanel + fromZeros;
  }

  /// MACs of a layer's dead tiles that were treated like any others.
  public void addPrunedNotSkipped(int layer, long macs) {
    prunedNotSkippedMacs[layer] += macs;
  }

  /// Adds all slots of `other`, which must have as many layers.
  public void add(MacCount other) {
    if (other.layers() != layers()) {
      throw new IllegalArgumentException(
          "layer counts differ: expected=" + layers() + ", actual=" + other.layers());
    }
    for (int kind = 0; kind < KINDS; kind++) {
      addAll(other.executed[kind], executed[kind]);
      addAll(other.skippedAsZero[kind], skippedAsZero[kind]);
      addAll(other.padding[kind], padding[kind]);
    }
    addAll(other.skippedByGateMacs, skippedByGateMacs);
    addAll(other.skippedAsPrunedMacs, skippedAsPrunedMacs);
    addAll(other.prunedNotSkippedMacs, prunedNotSkippedMacs);
  }

  private static void addAll(long[] from, long[] to) {
    for (int layer = 0; layer < to.length; layer++) {
      to[layer] += from[layer];
    }
  }

  public long macs(Kind kind, int layer) {
    return executed[kind.ordinal()][layer];
  }

  /// Over inputs that were read and found to be exactly zero.
  public long skippedAsZeroMacs(Kind kind, int layer) {
    return skippedAsZero[kind.ordinal()][layer];
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
    return padding[kind.ordinal()][layer];
  }

  /// Of all kinds.
  public long paddingMacs(int layer) {
    long sum = 0;
    for (long[] ofKind : padding) {
      sum += ofKind[layer];
    }
    return sum;
  }

  /// Of the layer's own product: closed units, open units over closed inputs, and all of a layer whose stage did not run.
  public long skippedByGateMacs(int layer) {
    return skippedByGateMacs[layer];
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
    return skippedAsPrunedMacs[layer];
  }

  /// Dead tiles of open units over open inputs that were not left out; they are in [#panelMacs] or [#skippedAsZeroMacs] as well.
  public long prunedNotSkippedMacs(int layer) {
    return prunedNotSkippedMacs[layer];
  }

  /// What was multiplied in all layers, of every kind; padding is not in it.
  public long executedMacs() {
    long sum = 0;
    for (long[] macs : executed) {
      sum += sum(macs);
    }
    return sum;
  }

  /// Of all layers.
  public long macs(Kind kind) {
    return sum(executed[kind.ordinal()]);
  }

  /// What gates, exits and pruning leave to be executed: [#executedMacs] and what was skipped as zero, without dead tiles. It does not depend on the
  /// machine, and relative MACs are made of it.
  public long structuralMacs() {
    return executedMacs() + skippedAsZeroMacs() - sum(prunedNotSkippedMacs);
  }

  /// Of all layers' own products.
  public long skippedAsPrunedMacs() {
    return sum(skippedAsPrunedMacs);
  }

  public long paddingMacs() {
    long sum = 0;
    for (long[] ofKind : padding) {
      sum += sum(ofKind);
    }
    return sum;
  }

  /// Of all layers' own products.
  public long skippedByGateMacs() {
    return sum(skippedByGateMacs);
  }

  /// Of every kind in all layers.
  public long skippedAsZeroMacs() {
    long sum = 0;
    for (long[] macs : skippedAsZero) {
      sum += sum(macs);
    }
    return sum;
  }

  private static long sum(long[] perLayer) {
    long sum = 0;
    for (long macs : perLayer) {
      sum += macs;
    }
    return sum;
  }
}
