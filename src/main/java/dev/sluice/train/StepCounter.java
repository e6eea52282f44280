package dev.sluice.train;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacFormulas;
import dev.sluice.account.StepMacs;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.RowGroups;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the products of a step execute, from the network's shapes and the decisions of its gates. No product is asked.
final class StepCounter {
  private final ModelSpec spec;
  private final List<LayerSpec> layers;

  /// True and padded units that are multiplied, each as often as there are rows for it.
  private record Units(long own, long padded) {
    static Units ofAll(ProjectionSpec product, int rows) {
      long padded = product.layout().paddedUnits();
      return new Units((long) rows * product.units(), rows * padded);
    }

    static Units ofOpen(LayerSpec layer, RowGroups open) {
      long own = 0;
      long padded = 0;
      int blockSize = layer.blockSize();
      for (int block = 0; block < layer.blocks(); block++) {
        long rows = open.count(block);
        own += rows * Math.min(blockSize, layer.units() - block * blockSize);
        padded += rows * blockSize;
      }
      return new Units(own, padded);
    }
  }

  StepCounter(ModelSpec spec) {
    this.spec = spec;
    this.layers = spec.layers();
  }

  /// Adds one layer's products.
  ///
  /// @param rows of the batch
  /// @param open the rows that open each block, null for a dense layer
  /// @param computesClosed whether the forward pass computed closed blocks too
  void count(int layer, int rows, @Nullable RowGroups open, boolean computesClosed, StepMacs macs) {
    ProjectionSpec own = spec.projection(layer);
    boolean readsFeatures = spec.sources(layer).isEmpty();
    Units all = Units.ofAll(own, rows);
    Units opened = open == null ? all : Units.ofOpen(layers.get(layer), open);
    Map<StepMacs.Pass, Units> units = new EnumMap<>(StepMacs.Pass.class);
    units.put(StepMacs.Pass.FORWARD, computesClosed ? all : opened);
    units.put(StepMacs.Pass.WEIGHT_GRADIENT, opened);
    if (!readsFeatures) {
      units.put(StepMacs.Pass.INPUT_GRADIENT, opened);
    }
    units.forEach(
        (pass, run) -> {
          add(pass, MacCount.Kind.PANEL, layer, own.inputs(), run, macs);
          long closed = MacFormulas.product(all.own - run.own, own.inputs());
          macs.of(pass).addSkippedByGate(layer, closed);
        });
    boolean readsLight = MacCosts.readsLight(layers.get(layer), Chain.GATE);
    addChain(MacCount.Kind.GATE, layer, Chain.GATE, readsFeatures && !readsLight, rows, macs);
    addChain(MacCount.Kind.LIGHT, layer, Chain.LIGHT, readsFeatures, rows, macs);
    addChain(MacCount.Kind.EXIT, layer, Chain.HALT, readsFeatures, rows, macs);
  }

  /// All rows run all products of a chain, and all but a first one that reads features pass a gradient on.
  private void addChain(
      MacCount.Kind kind, int layer, Chain chain, boolean readsFeatures, int rows, StepMacs macs) {
    List<ProjectionSpec> products = spec.chain(layer, chain);
    for (int index = 0; index < products.size(); index++) {
      ProjectionSpec product = products.get(index);
      Units units = Units.ofAll(product, rows);
      add(StepMacs.Pass.FORWARD, kind, layer, product.inputs(), units, macs);
      add(StepMacs.Pass.WEIGHT_GRADIENT, kind, layer, product.inputs(), units, macs);
      if (index > 0 || !readsFeatures) {
        add(StepMacs.Pass.INPUT_GRADIENT, kind, layer, product.inputs(), units, macs);
      }
    }
  }

  private static void add(
      StepMacs.Pass pass, MacCount.Kind kind, int layer, int inputs, Units units, StepMacs macs) {
    long padding =
        pass == StepMacs.Pass.INPUT_GRADIENT
            ? MacFormulas.inputGradientPadding(
                units.padded, units.own, inputs, ProductPass.INPUT_BLOCK)
            : MacFormulas.padding(units.padded, units.own, inputs);
    macs.of(pass).add(kind, layer, MacFormulas.product(units.own, inputs), padding);
  }
}
