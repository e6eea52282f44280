package dev.sluice.gate;

/// Blueprint of the gates of one layer.
///
/// @param form how logits come from the layer's input
/// @param granularity what one gate opens
/// @param blocksPerGate consecutive blocks that one gate opens: an expert of a mixture; 1 at unit granularity
/// @param rule which gates open, given their logits
/// @param scalesOutput whether what an open gate admits is multiplied by the gate's weight ([GateSelector#weight])
public record GateSpec(
    GateForm form,
    Granularity granularity,
    int blocksPerGate,
    GateRule rule,
    boolean scalesOutput) {
  public GateSpec {
    if (blocksPerGate < 1 || (granularity == Granularity.UNIT && blocksPerGate != 1)) {
      throw new IllegalArgumentException(
          "blocks per gate out of range: blocksPerGate="
              + blocksPerGate
              + ", granularity="
              + granularity.specName());
    }
  }

  /// A gate per block or unit that leaves what it admits as it is.
  public GateSpec(GateForm form, Granularity granularity, GateRule rule) {
    this(form, granularity, 1, rule, false);
  }

  /// Of a [ThresholdRule].
  public GateSpec(
      GateForm form, Granularity granularity, float temperature, float threshold, int minimumOpen) {
    this(form, granularity, new ThresholdRule(temperature, threshold, minimumOpen));
  }

  /// [ThresholdRule#standard]: T = 1, threshold ½, at least one gate open.
  public static GateSpec of(GateForm form, Granularity granularity) {
    return new GateSpec(form, granularity, ThresholdRule.standard());
  }

  public GateSpec withRule(GateRule newRule) {
    return new GateSpec(form, granularity, blocksPerGate, newRule, scalesOutput);
  }

  /// Gates of a layer of `units` units in blocks of `blockSize`.
  public int gates(int units, int blockSize) {
    if (granularity == Granularity.UNIT) {
      return units;
    }
    int blocks = Math.ceilDiv(units, blockSize);
    return Math.ceilDiv(blocks, blocksPerGate);
  }

  /// Logits of a layer of `units` units in blocks of `blockSize`.
  public int logits(int units, int blockSize) {
    return Math.multiplyExact(gates(units, blockSize), rule.logitsPerGate());
  }
}
