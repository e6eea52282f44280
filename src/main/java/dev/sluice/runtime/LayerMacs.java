package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.account.MacFormulas;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.List;

/// What one layer costs, from its open blocks and the inputs that are read.
final class LayerMacs {
  private final int layer;
  private final int units;
  private final int blocks;
  private final int blockSize;
  private final int inputs;
  private final PanelLayout[] gate;
  private final boolean gateReadsLight;
  private final PanelLayout[] light;
  private final PanelLayout[] halt;

  LayerMacs(ModelSpec model, int layer) {
    this.layer = layer;
    LayerSpec spec = model.layers().get(layer);
    this.units = spec.units();
    this.blocks = spec.blocks();
    this.blockSize = spec.blockSize();
    this.inputs = model.layerInputs(layer);
    this.gate = layouts(model, Chain.GATE);
    this.gateReadsLight = spec instanceof LayerSpec.Gated gated && gated.gate().form().readsLight();
    this.light = layouts(model, Chain.LIGHT);
    this.halt = layouts(model, Chain.HALT);
  }

  private PanelLayout[] layouts(ModelSpec model, Chain chain) {
    List<ProjectionSpec> products = model.chain(layer, chain);
    return ConstantGate.isConstant(products)
        ? new PanelLayout[0]
        : products.stream().map(ProjectionSpec::layout).toArray(PanelLayout[]::new);
  }

  /// Rows that have the same open blocks: the layer's own product, its gate and its light path.
  ///
  /// @param openInputs left open by the layers before, summed over the rows
  /// @param readInputs of these, the ones that were multiplied; the others are exactly zero
  void count(ActiveSet openBlocks, int rows, long openInputs, long readInputs, MacCounter macs) {
    countPanels(openBlocks, rows, openInputs, readInputs, macs);
    long gateOpen = gateReadsLight ? rows * (long) gate[0].inputs() : openInputs;
    long gateRead = gateReadsLight ? gateOpen : readInputs;
    countChain(MacCount.Kind.GATE, gate, rows, gateOpen, gateRead, macs);
    countChain(MacCount.Kind.LIGHT, light, rows, openInputs, readInputs, macs);
  }

  /// The halting unit beside the layer.
  void countHalting(int rows, long openInputs, long readInputs, MacCounter macs) {
    countChain(MacCount.Kind.EXIT, halt, rows, openInputs, readInputs, macs);
  }

  /// Rows that stopped before this layer.
  void countNotRun(int rows, MacCounter macs) {
    macs.addSkippedByGate(layer, dense(rows));
  }

  private void countPanels(
      ActiveSet openBlocks, int rows, long openInputs, long readInputs, MacCounter macs) {
    int count = openBlocks.count();
    boolean isLastOpen = count > 0 && openBlocks.index(count - 1) == blocks - 1;
    int open = MacFormulas.unitsIn(count, isLastOpen, units, blocks, blockSize);
    long padded = (long) count * blockSize;
    macs.add(
        MacCount.Kind.PANEL,
        layer,
        MacFormulas.product(open, readInputs),
        MacFormulas.padding(padded, open, readInputs));
    macs.addSkippedByGate(layer, dense(rows) - MacFormulas.product(open, openInputs));
    macs.addSkippedAsZero(
        MacCount.Kind.PANEL, layer, MacFormulas.product(open, openInputs - readInputs));
  }

  private long dense(int rows) {
    return MacFormulas.product(units, Math.multiplyExact((long) rows, inputs));
  }

  /// Only the first product of a chain reads inputs of which some may be closed or zero.
  private void countChain(
      MacCount.Kind kind,
      PanelLayout[] chain,
      int rows,
      long openInputs,
      long readInputs,
      MacCounter macs) {
    for (int index = 0; index < chain.length; index++) {
      PanelLayout layout = chain[index];
      long read = index == 0 ? readInputs : (long) rows * layout.inputs();
      macs.add(
          kind,
          layer,
          MacFormulas.product(layout.units(), read),
          MacFormulas.padding(layout.paddedUnits(), layout.units(), read));
      if (index == 0) {
        long asZero = MacFormulas.product(layout.units(), openInputs - readInputs);
        macs.addSkippedAsZero(kind, layer, asZero);
      }
    }
  }
}
