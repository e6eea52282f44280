package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.account.MacFormulas;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import org.jspecify.annotations.Nullable;

/// What one layer costs, from its open blocks and the inputs that are read.
final class LayerMacs {
  private final int layer;
  private final int units;
  private final int blocks;
  private final int blockSize;
  private final int inputs;
  private final @Nullable ChainMacs gate;
  private final boolean gateReadsLight;
  private final @Nullable ChainMacs light;
  private final @Nullable ChainMacs halt;

  LayerMacs(ModelSpec model, int layer) {
    this.layer = layer;
    LayerSpec spec = model.layers().get(layer);
    this.units = spec.units();
    this.blocks = spec.blocks();
    this.blockSize = spec.blockSize();
    this.inputs = model.layerInputs(layer);
    this.gate = ChainMacs.of(MacCount.Kind.GATE, layer, model.chain(layer, Chain.GATE));
    this.gateReadsLight = spec instanceof LayerSpec.Gated gated && gated.gate().form().readsLight();
    this.light = ChainMacs.of(MacCount.Kind.LIGHT, layer, model.chain(layer, Chain.LIGHT));
    this.halt = ChainMacs.of(MacCount.Kind.EXIT, layer, model.chain(layer, Chain.HALT));
  }

  /// Rows that have the same open blocks: the layer's own product, its gate and its light path.
  ///
  /// @param openInputs left open by the layers before, summed over the rows
  /// @param readInputs of these, the ones that were multiplied; the others are exactly zero
  void count(ActiveSet openBlocks, int rows, long openInputs, long readInputs, MacCounter macs) {
    countPanels(openBlocks, rows, openInputs, readInputs, macs);
    if (gate != null) {
      long all = rows * (long) gate.inputs();
      gate.count(rows, gateReadsLight ? all : openInputs, gateReadsLight ? all : readInputs, macs);
    }
    if (light != null) {
      light.count(rows, openInputs, readInputs, macs);
    }
  }

  /// The halting unit beside the layer.
  void countHalting(int rows, long openInputs, long readInputs, MacCounter macs) {
    if (halt != null) {
      halt.count(rows, openInputs, readInputs, macs);
    }
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
        MacFormulas.padding(padded, open, readInputs),
        MacFormulas.product(open, openInputs - readInputs));
    macs.addSkippedByGate(layer, dense(rows) - MacFormulas.product(open, openInputs));
  }

  private long dense(int rows) {
    return MacFormulas.product(units, Math.multiplyExact((long) rows, inputs));
  }
}
