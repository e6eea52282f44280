package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.TileMap;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/// The steps a batch takes through a network, bound once to weights, kernels and memory.
///
/// Per layer: its gate's products for all rows, the rows grouped by the blocks they open, block by
/// block the rows of its group. What is closed is 0 and read as such: the same sums as without it,
/// bit for bit.
final class BatchPlan {
  private final Matrix input;
  private final Matrix answer;
  private final BatchStep[] steps;
  private final BatchLayerMacs[] layers;
  private final int[] inputsRead;

  private BatchPlan(Matrix input, Matrix answer, Binder binder) {
    this.input = input;
    this.answer = answer;
    this.steps = binder.steps.toArray(BatchStep[]::new);
    this.layers = binder.layers.toArray(BatchLayerMacs[]::new);
    this.inputsRead = new int[input.rows()];
  }

  static BatchPlan bind(Model model, Kernels kernels, int maximumRows, Arena arena) {
    ShapeCheck.require(model);
    Binder binder = new Binder(model.spec(), kernels, arena);
    Matrix input = Matrix.allocate(arena, maximumRows, model.spec().inputs());
    Matrix x = input;
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      x = binder.addLayer(layer, model.weights().layers().get(layer), x);
    }
    return new BatchPlan(input, x, binder);
  }

  Matrix input() {
    return input;
  }

  /// The last layer's output.
  Matrix answer() {
    return answer;
  }

  void run(int rows) {
    for (BatchStep step : steps) {
      step.run(rows);
    }
  }

  /// Adds what the last run, of `rows` rows, executed and what its rows would execute one by one.
  void count(int rows, MacCount executed, MacCount structural) {
    Arrays.fill(inputsRead, 0, rows, input.columns());
    for (BatchLayerMacs layer : layers) {
      layer.count(rows, inputsRead, executed, structural);
    }
  }

  private static final class Binder {
    private final ModelSpec spec;
    private final Kernels kernels;
    private final Arena arena;
    private final List<BatchStep> steps = new ArrayList<>();
    private final List<BatchLayerMacs> layers = new ArrayList<>();

    /// What a row reads of the layer that is added next.
    private IntFunction<ActiveSet> openInputs;

    Binder(ModelSpec spec, Kernels kernels, Arena arena) {
      this.spec = spec;
      this.kernels = kernels;
      this.arena = arena;
      ActiveSet all = ActiveSet.all(spec.inputs());
      this.openInputs = row -> all;
    }

    /// Returns the layer's output.
    Matrix addLayer(int layer, LayerWeights weights, Matrix x) {
      return switch (spec.layers().get(layer)) {
        case LayerSpec.Dense dense -> {
          ActiveSet units = ActiveSet.all(dense.units());
          yield addFixed(layer, weights, x, ActiveSet.all(dense.blocks()), units);
        }
        case LayerSpec.Gated gated when ConstantGate.isConstant(spec.gateProjections(layer)) -> {
          GateDecision decision = ConstantGate.decide(kernels, gated, weights.gate());
          Matrix y = addFixed(layer, weights, x, decision.openBlocks(), decision.openUnits());
          // Closed blocks stay 0 by themselves, but softmax writes over the last layer's.
          if (decision.isPerUnit() || layer == spec.layers().size() - 1) {
            steps.add(new BatchClearClosedStep(row -> decision.openUnits(), y));
          }
          yield y;
        }
        case LayerSpec.Gated gated -> addGated(layer, gated, weights, x);
      };
    }

    private Matrix addFixed(
        int layer, LayerWeights weights, Matrix x, ActiveSet openBlocks, ActiveSet openUnits) {
      LayerMacs macs = new LayerMacs(spec, layer);
      BatchLayerMacs fixed =
          new BatchLayerMacs.Fixed(macs, spec.layerInputs(layer), openBlocks, openUnits);
      addMacs(layer, weights, fixed, row -> openBlocks);
      openInputs = row -> openUnits;
      return addProduct(weights.projection(), x, openBlocks);
    }

    private Matrix addGated(int layer, LayerSpec.Gated gated, LayerWeights weights, Matrix x) {
      Matrix logits = x;
      for (Projection product : weights.gate()) {
        ActiveSet blocks = ActiveSet.all(product.spec().layout().blocks());
        logits = addProduct(product, logits, blocks);
      }
      BatchGate gate = new BatchGate(gated, logits);
      steps.add(gate);
      LayerMacs macs = new LayerMacs(spec, layer);
      BatchLayerMacs byGate = new BatchLayerMacs.Gated(macs, spec.layerInputs(layer), gate);
      addMacs(layer, weights, byGate, row -> gate.decide(row).openBlocks());
      openInputs = row -> gate.decide(row).openUnits();
      return addGroupedProduct(weights.projection(), x, gate);
    }

    /// Batches execute dead tiles; their rows one by one would not.
    private void addMacs(
        int layer, LayerWeights weights, BatchLayerMacs macs, IntFunction<ActiveSet> openBlocks) {
      TileMap tiles = TileMap.of(weights.projection().weights());
      PrunedMacs byRow = PrunedMacs.of(layer, tiles, PrunedMacs.runsByTiles(tiles));
      PrunedMacs byBatch = PrunedMacs.of(layer, tiles, false);
      layers.add(
          byRow == null || byBatch == null
              ? macs
              : new BatchLayerMacs.Tiled(macs, byRow, byBatch, openBlocks, openInputs));
    }

    private Matrix addProduct(Projection product, Matrix x, ActiveSet blocks) {
      Matrix y = allocateOutput(product, x);
      steps.add(new BatchProductStep(kernels, product, x, blocks, y));
      if (product.spec().activation() != Activation.IDENTITY) {
        steps.add(new BatchActivationStep(kernels.elementwise(), product.spec().activation(), y));
      }
      return y;
    }

    private Matrix addGroupedProduct(Projection product, Matrix x, BatchGate gate) {
      Matrix y = allocateOutput(product, x);
      steps.add(new BatchGroupedProductStep(kernels, product, x, gate.groups(), y, arena));
      if (product.spec().activation() != Activation.IDENTITY) {
        steps.add(new BatchGroupedActivationStep(kernels, product.spec(), gate, y));
      }
      if (gate.isPerUnit()) {
        steps.add(new BatchClearClosedStep(row -> gate.decide(row).openUnits(), y));
      }
      return y;
    }

    private Matrix allocateOutput(Projection product, Matrix x) {
      return Matrix.allocate(arena, x.rows(), product.spec().layout().paddedUnits());
    }
  }
}
