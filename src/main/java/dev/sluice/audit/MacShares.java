package dev.sluice.audit;

import dev.sluice.account.MacCount;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// Structural MACs over dense ones, by what products are for: they sum to relative MACs.
///
/// @param shares of all kinds
public record MacShares(Map<MacCount.Kind, Double> shares) {
  public MacShares {
    shares = Collections.unmodifiableMap(new EnumMap<>(shares));
  }

  /// @param denseMacs of as many rows as `macs` are of
  static MacShares of(MacCount macs, double denseMacs) {
    Map<MacCount.Kind, Double> shares = new EnumMap<>(MacCount.Kind.class);
    for (MacCount.Kind kind : MacCount.Kind.values()) {
      shares.put(kind, macs.structuralMacs(kind) / denseMacs);
    }
    return new MacShares(shares);
  }

  public double of(MacCount.Kind kind) {
    return shares.getOrDefault(kind, 0.0);
  }

  public double relativeMacs() {
    return shares.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
