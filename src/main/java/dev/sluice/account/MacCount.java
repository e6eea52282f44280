package dev.sluice.account;

/// Executed MACs per layer and kind, in slots their owner reuses: a request overwrites or adds, nothing is allocated.
///
/// Panels, gates and padding are apart. Panels count true units; what the padding lanes of a last block execute is overhead
/// and counts in `paddingMacs` alone, for panels and gates together. Not thread-safe.
public final class MacCount {
  private final long[] panelMacs;
  private final long[] gateMacs;
  private final long[] paddingMacs;

  public MacCount(int layers) {
    this.panelMacs = new long[layers];
    this.gateMacs = new long[layers];
    this.paddingMacs = new long[layers];
  }

  public int layers() {
    return panelMacs.length;
  }

  public void reset() {
    for (int layer = 0; layer < panelMacs.length; layer++) {
      panelMacs[layer] = 0;
      gateMacs[layer] = 0;
      paddingMacs[layer] = 0;
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

  /// Panels and gates of all layers; padding is not in it.
  public long executedMacs() {
    long sum = 0;
    for (int layer = 0; layer < panelMacs.length; layer++) {
      sum += panelMacs[layer] + gateMacs[layer];
    }
    return sum;
  }

  public long paddingMacs() {
    long sum = 0;
    for (long macs : paddingMacs) {
      sum += macs;
    }
    return sum;
  }
}
