package dev.sluice.gate;

import java.util.Locale;

/// What one gate opens.
public enum Granularity {
  /// A block of B units: what is closed is not executed.
  BLOCK,
  /// A single unit: a block is executed if any of its units is open, closed units are then set to 0.
  UNIT;

  public String specName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Granularity ofSpecName(String specName) {
    for (Granularity granularity : values()) {
      if (granularity.specName().equals(specName)) {
        return granularity;
      }
    }
    throw new IllegalArgumentException(
        "unknown gate granularity: name=" + specName + ", known=block, unit");
  }
}
