package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.kernel.meter.ProductOperations;
import java.util.Locale;

/// One layer's products of one kind: what the account says was executed, and what was measured.
///
/// @param promisedMacs of true units
/// @param paddingMacs of lanes that belong to no unit, by the account
/// @param measured of all the kind's products
public record BookEntry(
    int layer,
    MacCount.Kind kind,
    long promisedMacs,
    long paddingMacs,
    ProductOperations measured) {

  /// Operations are multiply-accumulates of units and padding, and the fixed terms; nothing is missing and nothing is left.
  public boolean isBalanced() {
    return measured.macs() == promisedMacs + paddingMacs && measured.unexplainedFlops() == 0;
  }

  @Override
  public String toString() {
    return "layer="
        + layer
        + ", kind="
        + kind.name().toLowerCase(Locale.ROOT)
        + ", promisedMacs="
        + promisedMacs
        + ", paddingMacs="
        + paddingMacs
        + ", measuredMacs="
        + measured.macs()
        + ", unexplainedFlops="
        + measured.unexplainedFlops();
  }
}
