package dev.sluice.runtime;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which kernels a model's rows run, as [RehearsedCalls].
final class KernelRehearsal {
  /// Blocks that go side by side; what is left of a layer's blocks takes other loops.
  private static final int BLOCKS = 4;

  private final Kernels kernels;
  private final RehearsedCalls calls;

  private KernelRehearsal(Kernels kernels, Arena arena) {
    this.kernels = kernels;
    this.calls = new RehearsedCalls(kernels, arena);
  }

  /// What [Predictor] calls.
  static List<CompileLoop.Operation> ofRows(
      Model model, Kernels kernels, ZeroSkipping skipping, Arena arena) {
    KernelRehearsal rehearsal = new KernelRehearsal(kernels, arena);
    rehearsal.shapes(model, skipping).forEach(rehearsal.calls::addRowProduct);
    rehearsal.addSelection(model, skipping);
    rehearsal.addElementwise(model.spec());
    return rehearsal.calls.operations();
  }

  /// What [ListingMeasurement] calls.
  static List<CompileLoop.Operation> ofListing(
      ListedProduct product, Kernels kernels, Arena arena) {
    KernelRehearsal rehearsal = new KernelRehearsal(kernels, arena);
    Set<RehearsedCalls.Product> shapes = new LinkedHashSet<>();
    int blocks =
        product.size() == ListedProduct.Size.FEW_BLOCKS ? 2 : RehearsedCalls.MANY_BLOCKS + BLOCKS;
    int blockSize = product.blockSize();
    int inputs = ListedProduct.example(product.size(), blockSize, product.precision()).inputs();
    PanelLayout layout =
        new PanelLayout(blocks * blockSize, inputs, blockSize, product.precision());
    addShapes(layout, false, true, shapes);
    shapes.forEach(rehearsal.calls::addRowProduct);
    rehearsal.calls.addSelection(true, false);
    return rehearsal.calls.operations();
  }

  /// What [BatchPredictor] calls.
  static List<CompileLoop.Operation> ofBatches(Model model, Kernels kernels, Arena arena) {
    KernelRehearsal rehearsal = new KernelRehearsal(kernels, arena);
    Set<RehearsedCalls.Product> shapes = new LinkedHashSet<>();
    for (Projection product : products(model)) {
      PanelLayout layout = product.weights().layout();
      shapes.add(
          new RehearsedCalls.Product(
              small(layout, 1), SummationOrder.isCut(layout.inputs()), false));
    }
    shapes.forEach(rehearsal.calls::addBatchProducts);
    rehearsal.addElementwise(model.spec());
    return rehearsal.calls.operations();
  }

  private static List<Projection> products(Model model) {
    List<Projection> products = new ArrayList<>();
    for (LayerWeights layer : model.weights().layers()) {
      for (Chain chain : Chain.values()) {
        products.addAll(layer.chain(chain));
      }
      products.add(layer.projection());
    }
    return products;
  }

  private Set<RehearsedCalls.Product> shapes(Model model, ZeroSkipping skipping) {
    Set<RehearsedCalls.Product> shapes = new LinkedHashSet<>();
    for (int index = 0; index < model.spec().layers().size(); index++) {
      LayerWeights layer = model.weights().layers().get(index);
      LayerSpec spec = model.spec().layers().get(index);
      boolean isListed =
          readsGated(model.spec(), index)
              || (skipping != ZeroSkipping.OFF && mayList(model, index));
      for (Chain chain : Chain.values()) {
        for (Projection product : layer.chain(chain)) {
          addShapes(product.weights().layout(), false, isListed, shapes);
        }
      }
      boolean isGated = spec instanceof LayerSpec.Gated;
      Panels weights = layer.projection().weights();
      if (PrunedMacs.runsByTiles(TileMap.of(weights))) {
        boolean isCut = SummationOrder.isCut(weights.layout().inputs());
        shapes.add(new RehearsedCalls.Product(small(weights.layout(), 1), isCut, true));
      } else {
        addShapes(weights.layout(), isGated, isListed, shapes);
      }
    }
    return shapes;
  }

  /// Whether some source of the layer may be open in part.
  private static boolean readsGated(ModelSpec spec, int layer) {
    return spec.sources(layer).stream()
        .anyMatch(
            source ->
                spec.layers().get(source) instanceof LayerSpec.Gated gated
                    && gated.lightRank() == 0);
  }

  private boolean mayList(Model model, int layer) {
    ListedProduct product = ListedProduct.of(model.weights().layers().get(layer));
    return Plan.mayList(model.spec(), layer, product, kernels);
  }

  /// A dense layer always runs the same number of blocks, a gated one any.
  private static void addShapes(
      PanelLayout layout, boolean isGated, boolean isListed, Set<RehearsedCalls.Product> shapes) {
    int blocks = layout.blocks();
    int rest = isGated ? Math.min(blocks, BLOCKS - 1) : blocks % BLOCKS;
    boolean hasFours = isGated ? blocks >= BLOCKS : blocks % RehearsedCalls.MANY_BLOCKS >= BLOCKS;
    boolean isCut = SummationOrder.isCut(layout.inputs());
    for (boolean listed : isListed ? new boolean[] {false, true} : new boolean[] {false}) {
      if (blocks >= RehearsedCalls.MANY_BLOCKS) {
        shapes.add(
            new RehearsedCalls.Product(small(layout, RehearsedCalls.MANY_BLOCKS), isCut, listed));
      }
      if (hasFours) {
        shapes.add(new RehearsedCalls.Product(small(layout, BLOCKS), isCut, listed));
      }
      if (rest > 0) {
        shapes.add(new RehearsedCalls.Product(small(layout, rest), isCut, listed));
      }
    }
  }

  private static PanelLayout small(PanelLayout layout, int blocks) {
    int blockSize = layout.blockSize();
    return new PanelLayout(
        blocks * blockSize, RehearsedCalls.INPUTS, blockSize, layout.precision());
  }

  private void addSelection(Model model, ZeroSkipping skipping) {
    boolean ofAll = false;
    boolean ofOpen = false;
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      boolean isListed = skipping != ZeroSkipping.OFF && mayList(model, layer);
      ofAll |= isListed;
      ofOpen |= isListed && readsGated(model.spec(), layer);
    }
    calls.addSelection(ofAll, ofOpen);
  }

  private void addElementwise(ModelSpec spec) {
    Set<Activation> activations = new LinkedHashSet<>();
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      activations.add(spec.projection(layer).activation());
      for (Chain chain : Chain.values()) {
        spec.chain(layer, chain).forEach(product -> activations.add(product.activation()));
      }
    }
    activations.remove(Activation.IDENTITY);
    activations.forEach(calls::addActivation);
    if (spec.layers().stream().anyMatch(KernelRehearsal::admitsInParts)) {
      calls.addAdmission();
    }
    calls.addOutput(spec.output(), spec.outputs());
  }

  private static boolean admitsInParts(LayerSpec layer) {
    return layer instanceof LayerSpec.Gated gated && gated.gate().scalesOutput();
  }
}
