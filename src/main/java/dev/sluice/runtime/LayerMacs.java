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
  private final PanelLayout[] gate;

  LayerMacs(ModelSpec model, int layer) {
    this.layer = layer;
    this.spec = model.layers().get(layer);
    List<ProjectionSpec> projections = model.gateProjections(layer);
    this.gate =
        ConstantGate.isConstant(projections)
            ? new PanelLayout[0]
            : projections.stream().map(ProjectionSpec::layout).toArray(PanelLayout[]::new);
  }

  /// One row, gate included.
  void countRow(ActiveSet openBlocks, int inputsRead, MacCount macs) {
    countPanels(openBlocks, inputsRead, macs);
    for (int index = 0; index < gate.length; index++) {
      countGate(gate[index], index == 0 ? inputsRead : gate[index].inputs(), macs);
    }
  }

  /// The layer's own product for rows that have the same open blocks.
  ///
  /// @param inputsRead summed over the rows
  void countPanels(ActiveSet openBlocks, long inputsRead, MacCount macs) {
    int count = openBlocks.count();
    boolean isLastOpen = count > 0 && openBlocks.index(count - 1) == spec.blocks() - 1;
    int units = MacFormulas.unitsIn(count, isLastOpen, spec.units(), spec.blockSize());
    long padded = (long) count * spec.blockSize();
    macs.addPanel(
        layer,
        MacFormulas.product(units, inputsRead),
        MacFormulas.padding(padded, units, inputsRead));
  }

  private void countGate(PanelLayout layout, int inputsRead, MacCount macs) {
    macs.addGate(
        layer,
        MacFormulas.product(layout.units(), inputsRead),
        MacFormulas.padding(layout.paddedUnits(), layout.units(), inputsRead));
  }
}
