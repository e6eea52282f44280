package dev.sluice.kernel;

import java.util.Locale;

/// φ of a layer; φ(0) = 0 for all, so a closed block's zeros pass through unchanged.
public enum Activation {
  /// max(0, z)
  RELU,
  /// z·Φ(z) with the exact normal distribution function, not the tanh approximation
  GELU,
  TANH,
  /// z
  IDENTITY;

  /// The name in blueprints and on the command line.
  public String specName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The inverse of [#specName].
  public static Activation ofSpecName(String specName) {
    for (Activation activation : values()) {
      if (activation.specName().equals(specName)) {
        return activation;
      }
    }
    throw new IllegalArgumentException(
        "unknown activation: name=" + specName + ", known=relu, gelu, tanh, identity");
  }
}
