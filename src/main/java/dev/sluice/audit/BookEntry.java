package dev.sluice.audit;

import dev.sluice.account.MacCount;
import dev.sluice.account.StepMacs;
import dev.sluice.kernel.meter.ProductOperations;
import java.util.Locale;

/// One layer's products of one kind in one pass: what the account says was executed, and what was measured.
///
/// @param pass of predictions always [StepMacs.Pass#FORWARD]
/// @param promisedMacs of true units
/// @param paddingMacs of lanes that belong to no unit or input, by the account
/// @param measured of all the kind's products
public record BookEntry(
    int layer,
    MacCount.Kind kind,
    StepMacs.Pass pass,
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
        + ", pass="
        + pass.name().toLowerCase(Locale.ROOT)
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
