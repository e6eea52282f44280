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

  /// Operations are multiply-accumulates of units and of padding, each as promised, and the fixed terms; nothing is missing and nothing is left.
  ///
  /// Of gradients of inputs the sum of both is as promised, and padding is no less than that of the lanes that are no input.
  public boolean isBalanced() {
    return isMeasuredAsPromised() && measured.unexplainedFlops() == 0;
  }

  private boolean isMeasuredAsPromised() {
    if (pass == StepMacs.Pass.INPUT_GRADIENT) {
      return measured.macs() == promisedMacs + paddingMacs && paddingMacs >= measured.paddingMacs();
    }
    return measured.unitMacs() == promisedMacs && measured.paddingMacs() == paddingMacs;
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
        + ", measuredPaddingMacs="
        + measured.paddingMacs()
        + ", unexplainedFlops="
        + measured.unexplainedFlops();
  }
}
