package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacFormulas;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.List;

/// What one layer costs, from its open blocks and the inputs that are read.
final class LayerMacs {
  private final int layer;
  private final LayerSpec spec;
  private final int inputs;
  private final PanelLayout[] gate;

  LayerMacs(ModelSpec model, int layer) {
    this.layer = layer;
    this.spec = model.layers().get(layer);
    this.inputs = model.layerInputs(layer);
    List<ProjectionSpec> projections = model.gateProjections(layer);
    this.gate =
        ConstantGate.isConstant(projections)
            ? new PanelLayout[0]
            : projections.stream().map(ProjectionSpec::layout).toArray(PanelLayout[]::new);
  }

  /// One row, gate included.
  ///
  /// @param openInputs left open by the layer before
  /// @param readInputs of these, the ones that were multiplied; the others are exactly zero
  void countRow(ActiveSet openBlocks, int openInputs, int readInputs, MacCount macs) {
    countPanels(openBlocks, 1, openInputs, readInputs, macs);
    for (int index = 0; index < gate.length; index++) {
      PanelLayout layout = gate[index];
      boolean isFirst = index == 0;
      countGate(layout, isFirst ? readInputs : layout.inputs(), macs);
      if (isFirst) {
        macs.addGateSkipped(layer, MacFormulas.product(layout.units(), openInputs - readInputs));
      }
    }
  }

  /// The layer's own product for `rows` rows that have the same open blocks.
  ///
  /// @param openInputs summed over the rows; so is `readInputs`
  void countPanels(
      ActiveSet openBlocks, int rows, long openInputs, long readInputs, MacCount macs) {
    int count = openBlocks.count();
    boolean isLastOpen = count > 0 && openBlocks.index(count - 1) == spec.blocks() - 1;
    int units = MacFormulas.unitsIn(count, isLastOpen, spec.units(), spec.blockSize());
    long padded = (long) count * spec.blockSize();
    macs.addPanel(
        layer,
        MacFormulas.product(units, readInputs),
        MacFormulas.padding(padded, units, readInputs));
    long dense = MacFormulas.product(spec.units(), Math.multiplyExact((long) rows, inputs));
    macs.addSkipped(
        layer,
        dense - MacFormulas.product(units, openInputs),
        MacFormulas.product(units, openInputs - readInputs));
  }

  private void countGate(PanelLayout layout, int inputsRead, MacCount macs) {
    macs.addGate(
        layer,
        MacFormulas.product(layout.units(), inputsRead),
        MacFormulas.padding(layout.paddedUnits(), layout.units(), inputsRead));
  }
}
