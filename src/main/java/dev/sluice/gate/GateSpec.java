package dev.sluice.gate;

/// Blueprint of a DynamicGate: `p = σ(z/T)`, `g = 1[p > threshold]`, which is `z > T·logit(threshold)`: no sigmoid at run time.
///
/// @param form how logits come from the layer's input
/// @param granularity what one gate opens
/// @param temperature T as training left it, > 0
/// @param threshold in (0, 1), as training left it
/// @param minimumOpen if fewer gates pass, those with the largest logits (ties: lower index) are opened as well
public record GateSpec(
    GateForm form, Granularity granularity, float temperature, float threshold, int minimumOpen) {
  public GateSpec {
    if (!(temperature > 0) || Float.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "gate temperature is not positive: temperature=" + temperature);
    }
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "gate threshold is not between 0 and 1: threshold=" + threshold);
    }
    if (minimumOpen < 0) {
      throw new IllegalArgumentException(
          "minimum of open gates is negative: minimumOpen=" + minimumOpen);
    }
  }

  /// T = 1, threshold ½, at least one gate open.
  public static GateSpec of(GateForm form, Granularity granularity) {
    return new GateSpec(form, granularity, 1f, 0.5f, 1);
  }

  /// The logit above which a gate is open: `T·logit(threshold)`.
  public float decisionLogit() {
    return (float) (temperature * StrictMath.log(threshold / (1.0 - threshold)));
  }

  public GateSpec withDecision(float newTemperature, float newThreshold) {
    return new GateSpec(form, granularity, newTemperature, newThreshold, minimumOpen);
  }

  /// Gates of a layer of `units` units in blocks of `blockSize`.
  public int gates(int units, int blockSize) {
    return granularity == Granularity.UNIT ? units : (units + blockSize - 1) / blockSize;
  }
}
