package dev.sluice.account;

/// Executed and skipped MACs per layer and kind, in slots their owner reuses: a request overwrites or adds, nothing is allocated.
///
/// Panels, gates and padding are apart. Panels count true units; what the padding lanes of a last block execute is overhead
/// and counts in `paddingMacs` alone, for panels and gates together. Per layer and row
///
/// ```
/// panelMacs + skippedByGateMacs + skippedAsZeroMacs + skippedAsPrunedMacs = units · inputs     the dense layer's MACs
/// gateMacs  + gateSkippedAsZeroMacs                 = the gate's MACs over the inputs its row opens
/// ```
///
/// MACs of dead tiles ([dev.sluice.memory.TileMap]) are either skipped as pruned or, where they run all the same, in `prunedNotSkippedMacs` beside the kinds
/// they are counted in; structural MACs have neither.
///
/// Not thread-safe.
public final class MacCount {
  private final long[] panelMacs;
  private final long[] gateMacs;
  private final long[] paddingMacs;
  private final long[] skippedByGateMacs;
  private final long[] skippedAsZeroMacs;
  private final long[] gateSkippedAsZeroMacs;
  private final long[] skippedAsPrunedMacs;
  private final long[] prunedNotSkippedMacs;

  public MacCount(int layers) {
    this.panelMacs = new long[layers];
    this.gateMacs = new long[layers];
    this.paddingMacs = new long[layers];
    this.skippedByGateMacs = new long[layers];
    this.skippedAsZeroMacs = new long[layers];
    this.gateSkippedAsZeroMacs = new long[layers];
    this.skippedAsPrunedMacs = new long[layers];
    this.prunedNotSkippedMacs = new long[layers];
  }

  public int layers() {
    return panelMacs.length;
  }

  public void reset() {
    for (int layer = 0; layer < panelMacs.length; layer++) {
      panelMacs[layer] = 0;
      gateMacs[layer] = 0;
      paddingMacs[layer] = 0;
      skippedByGateMacs[layer] = 0;
      skippedAsZeroMacs[layer] = 0;
      gateSkippedAsZeroMacs[layer] = 0;
      skippedAsPrunedMacs[layer] = 0;
      prunedNotSkippedMacs[layer] = 0;
    }
  }

  public void addPanel(int layer, long macs, long padding) {
    panelMacs[layer] += macs;
    paddingMacs[layer] += padding;
  }

  public void addGate(int layer, long macs, long padding) {
    gateMacs[layer] += macs;
    paddingMacs[layer] += padding;
  }

  /// What a layer's own product left out.
  ///
  /// @param byGate of closed units, or over inputs that the layer before closed
  /// @param asZero of open units over inputs that are read but are exactly zero
  public void addSkipped(int layer, long byGate, long asZero) {
    skippedByGateMacs[layer] += byGate;
    skippedAsZeroMacs[layer] += asZero;
  }

  /// What a layer's gate left out as its inputs are exactly zero.
  public void addGateSkipped(int layer, long asZero) {
    gateSkippedAsZeroMacs[layer] += asZero;
  }

  /// Takes the MACs of a layer's dead tiles out of what [#addPanel] and [#addSkipped] were told: they were left out for good.
  ///
  /// @param fromZeros of dead tiles over inputs that are exactly zero
  public void takePruned(int layer, long fromPanel, long fromZeros, long fromPadding) {
    panelMacs[layer] -= fromPanel;
    skippedAsZeroMacs[layer] -= fromZeros;
    paddingMacs[layer] -= fromPadding;
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
    for (int layer = 0; layer < panelMacs.length; layer++) {
      panelMacs[layer] += other.panelMacs[layer];
      gateMacs[layer] += other.gateMacs[layer];
      paddingMacs[layer] += other.paddingMacs[layer];
      skippedByGateMacs[layer] += other.skippedByGateMacs[layer];
      skippedAsZeroMacs[layer] += other.skippedAsZeroMacs[layer];
      gateSkippedAsZeroMacs[layer] += other.gateSkippedAsZeroMacs[layer];
      skippedAsPrunedMacs[layer] += other.skippedAsPrunedMacs[layer];
      prunedNotSkippedMacs[layer] += other.prunedNotSkippedMacs[layer];
    }
  }

  public long panelMacs(int layer) {
    return panelMacs[layer];
  }

  public long gateMacs(int layer) {
    return gateMacs[layer];
  }

  public long paddingMacs(int layer) {
    return paddingMacs[layer];
  }

  /// Of the layer's own product: closed units, and open units over closed inputs.
  public long skippedByGateMacs(int layer) {
    return skippedByGateMacs[layer];
  }

  /// Of the layer's own product: open units over inputs that were read and found to be exactly zero.
  public long skippedAsZeroMacs(int layer) {
    return skippedAsZeroMacs[layer];
  }

  /// Of the layer's gate: over inputs that were read and found to be exactly zero.
  public long gateSkippedAsZeroMacs(int layer) {
    return gateSkippedAsZeroMacs[layer];
  }

  /// Of the layer's own product: dead tiles of open units over open inputs, left out.
  public long skippedAsPrunedMacs(int layer) {
    return skippedAsPrunedMacs[layer];
  }

  /// Dead tiles of open units over open inputs that were not left out; they are in [#panelMacs] or [#skippedAsZeroMacs] as well.
  public long prunedNotSkippedMacs(int layer) {
    return prunedNotSkippedMacs[layer];
  }

  /// Panels and gates of all layers that were multiplied; padding is not in it.
  public long executedMacs() {
    return sum(panelMacs) + sum(gateMacs);
  }

  /// What gates and pruning leave to be executed: [#executedMacs] and what was skipped as zero, without dead tiles. It does not depend on the
  /// machine, and relative MACs are made of it.
  public long structuralMacs() {
    return executedMacs() + skippedAsZeroMacs() - sum(prunedNotSkippedMacs);
  }

  /// Of all layers' own products.
  public long skippedAsPrunedMacs() {
    return sum(skippedAsPrunedMacs);
  }

  public long paddingMacs() {
    return sum(paddingMacs);
  }

  /// Of all layers' own products.
  public long skippedByGateMacs() {
    return sum(skippedByGateMacs);
  }

  /// Of panels and gates of all layers.
  public long skippedAsZeroMacs() {
    return sum(skippedAsZeroMacs) + sum(gateSkippedAsZeroMacs);
  }

  private static long sum(long[] perLayer) {
    long sum = 0;
    for (long macs : perLayer) {
      sum += macs;
    }
    return sum;
  }
}
