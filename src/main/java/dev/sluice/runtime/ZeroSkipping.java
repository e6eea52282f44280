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
    String wanted = System.getProperty(PROPERTY, AUTO.text());
    return parse(PROPERTY, wanted);
  }

  /// @param text `off`, `auto` or `always`
  public static ZeroSkipping parse(String text) {
    return parse("mode", text);
  }

  private static ZeroSkipping parse(String name, String wanted) {
    for (ZeroSkipping mode : values()) {
      if (mode.text().equals(wanted)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "unknown zero skipping: " + name + "=" + wanted + ", known=off, auto, always");
  }

  /// The inverse of [#parse].
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
