package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps one row takes through a network, bound once to weights, kernels and workspace.
///
/// Per layer: its non-zero inputs, where some may be zero; the products of its gate over the layer's input and their decision, unless the gate is constant or there is none; then
/// the layer's own product over open inputs for open blocks. The sets that steps leave behind are all that accounting needs, so counting
/// costs nothing until it is asked for.
final class Plan {
  /// What a layer reads and runs.
  ///
  /// @param inputs units of the layer before that are open, and those read
  /// @param openGates what its gates leave open; all blocks of a dense layer
  /// @param tiles null if none is dead
  private record LayerRun(
      LayerMacs macs,
      ReadInputs inputs,
      ActiveSet openBlocks,
      ActiveSet openGates,
      @Nullable PrunedMacs tiles) {}

  private final Step[] steps;
  private final LayerRun[] layers;
  private final SelectionStep[] selections;
  private final Kernels kernels;

  private Plan(Binder binder) {
    this.steps = binder.steps.toArray(Step[]::new);
    this.layers = binder.layers.toArray(LayerRun[]::new);
    this.selections = binder.selections.toArray(SelectionStep[]::new);
    this.kernels = binder.kernels;
    tune();
  }

  static Plan bind(Model model, Kernels kernels, ZeroSkipping skipping, Workspace workspace) {
    ShapeCheck.require(model);
    Binder binder = new Binder(model, kernels, skipping, workspace);
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      binder.addLayer(layer);
    }
    return new Plan(binder);
  }

  /// Decides anew from which number of zeros on they are skipped, by what is known of the machine now.
  void tune() {
    for (SelectionStep selection : selections) {
      selection.tune(Calibration.costs(kernels, selection.product()));
    }
  }

  /// Whether some inputs of layer `layer` may be exactly zero as a rule. Other activations than ReLU give next to no zeros.
  private static boolean canBeSparse(ModelSpec spec, int layer) {
    return layer == 0 || spec.projection(layer - 1).activation() == Activation.RELU;
  }

  /// Whether rows are looked through for zeros by what is known of the machine now.
  static boolean mayList(ModelSpec spec, int layer, ListedProduct product, Kernels kernels) {
    return canBeSparse(spec, layer) && Calibration.costs(kernels, product).isWorthListing(product);
  }

  /// Takes the row from the workspace's input to its answer.
  void run() {
    for (Step step : steps) {
      step.run();
    }
  }

  /// Adds what the last run executed.
  void count(MacCount macs) {
    for (LayerRun layer : layers) {
      int open = layer.inputs.open().count();
      layer.macs.countRow(layer.openBlocks, open, layer.inputs.chosen().count(), macs);
      if (layer.tiles != null) {
        layer.tiles.count(layer.openBlocks, layer.inputs, macs);
      }
    }
  }

  ActiveSet openBlocks(int layer) {
    return layers[layer].openBlocks;
  }

  ActiveSet openGates(int layer) {
    return layers[layer].openGates;
  }

  private static final class Binder {
    private final ModelSpec spec;
    private final List<LayerWeights> weights;
    private final Kernels kernels;
    private final ZeroSkipping skipping;
    private final Workspace workspace;
    private final List<Step> steps = new ArrayList<>();
    private final List<LayerRun> layers = new ArrayList<>();
    private final List<SelectionStep> selections = new ArrayList<>();
    private ReadInputs inputs;

    Binder(Model model, Kernels kernels, ZeroSkipping skipping, Workspace workspace) {
      this.spec = model.spec();
      this.weights = model.weights().layers();
      this.kernels = kernels;
      this.skipping = skipping;
      this.workspace = workspace;
      this.inputs = new ReadInputs(ActiveSet.all(spec.inputs()));
    }

    void addLayer(int layer) {
      if (skipping != ZeroSkipping.OFF && canBeSparse(spec, layer)) {
        addSelection(layer);
      }
      switch (spec.layers().get(layer)) {
        case LayerSpec.Dense dense -> {
          ActiveSet blocks = ActiveSet.all(dense.blocks());
          addPanel(layer, blocks, blocks);
          inputs = new ReadInputs(ActiveSet.all(dense.units()));
        }
        case LayerSpec.Gated gated -> {
          GateDecision decision = addGate(layer, gated);
          addPanel(layer, decision.openBlocks(), decision.openGates());
          if (layer == spec.layers().size() - 1) {
            steps.add(new ClearClosedStep(decision.openUnits(), workspace.output(layer)));
          }
          inputs = new ReadInputs(decision.openUnits());
        }
      }
    }

    private void addSelection(int layer) {
      ListedProduct product = ListedProduct.of(weights.get(layer));
      MemorySegment x = workspace.layerInput(layer);
      boolean always = skipping == ZeroSkipping.ALWAYS;
      SelectionStep selection = new SelectionStep(kernels, x, inputs, product, always);
      selections.add(selection);
      steps.add(selection);
    }

    private void addPanel(int layer, ActiveSet blocks, ActiveSet openGates) {
      MemorySegment x = workspace.layerInput(layer);
      Projection projection = weights.get(layer).projection();
      MemorySegment y = workspace.output(layer);
      TileMap tiles = TileMap.of(projection.weights());
      boolean runsByTiles = PrunedMacs.runsByTiles(tiles);
      steps.add(
          runsByTiles
              ? new TiledPanelStep(kernels, projection, tiles, x, inputs, blocks, y)
              : new PanelStep(kernels, projection, x, inputs, blocks, y));
      addActivation(projection, blocks, y);
      PrunedMacs pruned = PrunedMacs.of(layer, tiles, runsByTiles);
      layers.add(new LayerRun(new LayerMacs(spec, layer), inputs, blocks, openGates, pruned));
    }

    private void addProduct(
        Projection projection,
        MemorySegment x,
        ReadInputs read,
        ActiveSet blocks,
        MemorySegment y) {
      steps.add(new PanelStep(kernels, projection, x, read, blocks, y));
      addActivation(projection, blocks, y);
    }

    private void addActivation(Projection projection, ActiveSet blocks, MemorySegment y) {
      if (projection.spec().activation() != Activation.IDENTITY) {
        steps.add(new ActivationStep(kernels, projection.spec(), blocks, y));
      }
    }

    private GateDecision addGate(int layer, LayerSpec.Gated gated) {
      List<Projection> gate = weights.get(layer).gate();
      if (ConstantGate.isConstant(spec.gateProjections(layer))) {
        return ConstantGate.decide(kernels, gated, gate);
      }
      GateDecision decision = new GateDecision(gated.gate(), gated.units(), gated.blockSize());
      steps.add(new DecisionStep(decision, addGateProducts(layer, gate)));
      return decision;
    }

    /// Returns where the logits will be.
    private MemorySegment addGateProducts(int layer, List<Projection> gate) {
      MemorySegment x = workspace.layerInput(layer);
      ReadInputs read = inputs;
      for (int index = 0; index < gate.size(); index++) {
        ProjectionSpec product = gate.get(index).spec();
        MemorySegment y = workspace.gate(layer, index);
        ActiveSet blocks = ActiveSet.all(product.layout().blocks());
        addProduct(gate.get(index), x, read, blocks, y);
        x = y;
        read = new ReadInputs(ActiveSet.all(product.units()));
      }
      return x;
    }
  }
}
