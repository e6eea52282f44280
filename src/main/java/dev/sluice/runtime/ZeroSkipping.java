package dev.sluice.runtime;

import java.util.Locale;

/// Whether a [Predictor] leaves out products with inputs that are exactly zero: after ReLU, and in sparse rows. Answers have the same bits
/// either way; times and the counts of executed MACs differ.
public enum ZeroSkipping {
  /// Never.
  OFF,
  /// For each layer and row where that is quicker, by the costs in [Calibration].
  AUTO,
  /// For each layer and row with a zero among its inputs, whatever it costs.
  ALWAYS;

  public static final String PROPERTY = "dev.sluice.zeroSkipping";

  /// As the property [#PROPERTY] says: `off`, `auto` (default) or `always`.
  public static ZeroSkipping standard() {
    String wanted = System.getProperty(PROPERTY, "auto");
    for (ZeroSkipping mode : values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "unknown zero skipping: " + PROPERTY + "=" + wanted + ", known=off, auto, always");
  }
}
