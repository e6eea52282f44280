package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.account.MacFormulas;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.PanelLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the products beside a layer's own cost. Only the first of them reads inputs of which some may be closed or zero; the others cost every row the same.
///
/// @param units of the first product
/// @param inputs of the first product
/// @param furtherMacs of the others, a row
/// @param furtherPadding of the others, a row
record ChainMacs(
    MacCount.Kind kind,
    int layer,
    int units,
    int paddedUnits,
    int inputs,
    long furtherMacs,
    long furtherPadding) {
  /// @return null if nothing runs for a row
  static @Nullable ChainMacs of(MacCount.Kind kind, int layer, List<ProjectionSpec> products) {
    if (products.isEmpty() || ConstantGate.isConstant(products)) {
      return null;
    }
    PanelLayout first = products.getFirst().layout();
    long macs = 0;
    long padding = 0;
    for (ProjectionSpec product : products.subList(1, products.size())) {
      PanelLayout layout = product.layout();
      macs += MacFormulas.product(layout.units(), layout.inputs());
      padding += MacFormulas.padding(layout.paddedUnits(), layout.units(), layout.inputs());
    }
    return new ChainMacs(
        kind, layer, first.units(), first.paddedUnits(), first.inputs(), macs, padding);
  }

  /// @param openInputs left open by the layers before, summed over the rows
  /// @param readInputs of these, the ones that were multiplied
  void count(int rows, long openInputs, long readInputs, MacCounter macs) {
    macs.add(
        kind,
        layer,
        MacFormulas.product(units, readInputs) + rows * furtherMacs,
        MacFormulas.padding(paddedUnits, units, readInputs) + rows * furtherPadding,
        MacFormulas.product(units, openInputs - readInputs));
  }
}
