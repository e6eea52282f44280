package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.TileMap;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes the steps of a [BatchPlan]: the same as [PlanBinder] does for one row, but for the listing of zeros.
final class BatchPlanBinder {
  private final ModelSpec spec;
  private final List<LayerSpec> layerSpecs;
  private final List<LayerWeights> weights;
  private final Kernels kernels;
  private final int maximumRows;
  private final Arena arena;
  private final OutputStage output;
  private final PlanGates gates;
  private final @Nullable Halting halting;
  private final Matrix input;
  private final Matrix answers;
  private final List<BatchPlan.Stage> stages = new ArrayList<>();
  private final List<Matrix> outputs = new ArrayList<>();
  private final List<Matrix> constants = new ArrayList<>();
  private final List<BatchRows> rowsOfLayer = new ArrayList<>();
  private final List<BatchTileMacs.Source> readOfLayer = new ArrayList<>();
  private List<BatchStep> steps = new ArrayList<>();
  private List<BatchLayerMacs> macs = new ArrayList<>();

  BatchPlanBinder(Model model, Kernels kernels, int maximumRows, Arena arena) {
    this.spec = model.spec();
    this.layerSpecs = spec.layers();
    this.weights = model.weights().layers();
    this.kernels = kernels;
    this.maximumRows = maximumRows;
    this.arena = arena;
    this.output = new OutputStage(spec.output(), kernels.elementwise(), spec.outputs());
    this.gates = new PlanGates(spec);
    this.halting =
        spec.stages().getFirst().exit() instanceof ExitSpec.Halting exit
            ? new Halting(exit.epsilon(), spec.outputs(), maximumRows)
            : null;
    this.input = Matrix.allocate(arena, maximumRows, spec.inputs());
    this.answers = Matrix.allocate(arena, maximumRows, spec.outputs());
  }

  List<BatchPlan.Stage> stages() {
    return stages;
  }

  Matrix input() {
    return input;
  }

  Matrix answers() {
    return answers;
  }

  OutputStage output() {
    return output;
  }

  PlanGates gates() {
    return gates;
  }

  /// Outputs of which the same blocks are written for every row.
  List<Matrix> constants() {
    return constants;
  }

  boolean halts() {
    return halting != null;
  }

  void addStages() {
    for (int stage = 0; stage < spec.stages().size(); stage++) {
      steps = new ArrayList<>();
      macs = new ArrayList<>();
      BatchRows rows = new BatchRows(maximumRows);
      Matrix x = input;
      for (int layer = spec.firstLayer(stage); layer <= spec.head(stage); layer++) {
        x = source(layer, rows);
        rowsOfLayer.add(rows);
        outputs.add(addLayer(layer, x));
      }
      Matrix values = outputs.getLast();
      stages.add(
          new BatchPlan.Stage(
              rows,
              steps.toArray(BatchStep[]::new),
              macs.toArray(BatchLayerMacs[]::new),
              values,
              exit(stage, x, values)));
    }
  }

  private @Nullable BatchExit exit(int stage, Matrix headInput, Matrix values) {
    return switch (spec.stages().get(stage).exit()) {
      case null -> null;
      case ExitSpec.Confidence confidence ->
          new BatchExit.OfConfidence(confidence, output, values, answers);
      case ExitSpec.Halting ignored -> haltingExit(stage, headInput, values);
    };
  }

  private BatchExit haltingExit(int stage, Matrix x, Matrix values) {
    Projection unit = weights.get(spec.head(stage)).chain(Chain.HALT).getFirst();
    Matrix logits = allocateOutput(unit);
    ActiveSet blocks = ActiveSet.all(unit.spec().layout().blocks());
    BatchStep step = new BatchProductStep(kernels, unit, x, blocks, logits);
    boolean isFirst = stage == 0;
    return new BatchExit.OfHalting(
        Objects.requireNonNull(halting), isFirst, step, logits, values, answers);
  }

  private Matrix source(int layer, BatchRows rows) {
    List<Integer> sources = spec.sources(layer);
    return switch (sources.size()) {
      case 0 -> features(spec.stageOf(layer), rows);
      case 1 -> outputs.get(sources.getFirst());
      default -> joined(layer, sources, rows);
    };
  }

  /// The first stage has all rows where they are.
  private Matrix features(int stage, BatchRows rows) {
    FeatureSelection selection = spec.stages().get(stage).features();
    if (stage == 0 && selection.isAll()) {
      return input;
    }
    Matrix selected = Matrix.allocate(arena, maximumRows, selection.count(spec.inputs()));
    FeatureRuns runs = new FeatureRuns(selection, spec.inputs());
    steps.add(new BatchGatherStep(runs, rows, input, selected));
    return selected;
  }

  private Matrix joined(int layer, List<Integer> sources, BatchRows rows) {
    Matrix joined = Matrix.allocate(arena, maximumRows, spec.layerInputs(layer));
    steps.add(
        new BatchJoinStep(
            sources.stream().map(outputs::get).toArray(Matrix[]::new),
            sources.stream().map(rowsOfLayer::get).toArray(BatchRows[]::new),
            sources.stream().mapToInt(source -> layerSpecs.get(source).units()).toArray(),
            rows,
            joined));
    return joined;
  }

  /// Returns the layer's output.
  private Matrix addLayer(int layer, Matrix x) {
    return switch (layerSpecs.get(layer)) {
      case LayerSpec.Dense dense -> {
        addMacs(layer, null);
        Projection own = weights.get(layer).projection();
        yield addProduct(own, x, ActiveSet.all(dense.blocks()), allocateOutput(own));
      }
      case LayerSpec.Gated gated when ConstantGate.isConstant(spec.gateProjections(layer)) -> {
        ConstantGate gate = ConstantGate.decide(kernels, gated, weights.get(layer).gate(), arena);
        gates.add(layer, gate);
        RowDecisions decisions = row -> gate.decision();
        addMacs(layer, decisions);
        yield addConstant(layer, gated, gate.decision(), decisions, x, addNarrow(layer, gated, x));
      }
      case LayerSpec.Gated gated -> {
        Matrix narrow = addNarrow(layer, gated, x);
        BatchGate gate = addGate(layer, gated, gated.gate().form().readsLight() ? narrow : x);
        addMacs(layer, gate);
        yield addDeciding(layer, gated, gate, x, narrow);
      }
    };
  }

  private void addMacs(int layer, @Nullable RowDecisions decisions) {
    BatchRows rows = rowsOfLayer.get(layer);
    List<Integer> sources = spec.sources(layer);
    List<BatchTileMacs.Source> read =
        sources.isEmpty()
            ? List.of(new BatchTileMacs.Source(spec.layerInputs(layer), rows, null))
            : sources.stream().map(readOfLayer::get).toList();
    TileMap tiles = TileMap.of(weights.get(layer).projection().weights());
    macs.add(new BatchLayerMacs(spec, layer, decisions, BatchTileMacs.of(layer, tiles, read)));
    RowDecisions ofReaders = Workspace.hasLightPath(spec, layer) ? null : decisions;
    readOfLayer.add(new BatchTileMacs.Source(layerSpecs.get(layer).units(), rows, ofReaders));
  }

  private Matrix addConstant(
      int layer,
      LayerSpec.Gated gated,
      GateDecision decision,
      RowDecisions decisions,
      Matrix x,
      Matrix narrow) {
    Projection own = weights.get(layer).projection();
    Matrix z = allocateOutput(own);
    steps.add(new BatchProductStep(kernels, own, x, decision.openBlocks(), z));
    if (gated.lightRank() > 0) {
      return addMixed(layer, gated, decisions, narrow, z);
    }
    addActivation(own.spec(), z);
    addScale(gated, decisions, z);
    constants.add(z);
    // Closed blocks stay 0 by themselves, but softmax writes over a head's.
    if (decision.isPerUnit() || layer == spec.head(spec.stageOf(layer))) {
      steps.add(new BatchClearClosedStep(decisions, z));
    }
    return z;
  }

  private Matrix addDeciding(
      int layer, LayerSpec.Gated gated, BatchGate gate, Matrix x, Matrix narrow) {
    Projection own = weights.get(layer).projection();
    Matrix z = allocateOutput(own);
    steps.add(new BatchGroupedProductStep(kernels, own, x, gate.groups(), z, arena));
    if (gated.lightRank() > 0) {
      return addMixed(layer, gated, gate, narrow, z);
    }
    if (own.spec().activation() != Activation.IDENTITY) {
      steps.add(new BatchGroupedActivationStep(kernels, own.spec(), gate, z));
    }
    addScale(gated, gate, z);
    if (gate.isPerUnit()) {
      steps.add(new BatchClearClosedStep(gate, z));
    }
    return z;
  }

  private void addScale(LayerSpec.Gated gated, RowDecisions decisions, Matrix y) {
    if (gated.gate().scalesOutput()) {
      Admission admission = new Admission(kernels.elementwise(), gated);
      steps.add(new BatchScaleStep(admission, decisions, y));
    }
  }

  /// The first product of a light path, which its gate may read too; `x` where there is none.
  private Matrix addNarrow(int layer, LayerSpec.Gated gated, Matrix x) {
    return gated.lightRank() == 0
        ? x
        : addWhole(weights.get(layer).chain(Chain.LIGHT).getFirst(), x);
  }

  private Matrix addMixed(
      int layer, LayerSpec.Gated gated, RowDecisions decisions, Matrix narrow, Matrix full) {
    Matrix y = addWhole(weights.get(layer).chain(Chain.LIGHT).getLast(), narrow);
    Admission admission = new Admission(kernels.elementwise(), gated);
    steps.add(new BatchMixStep(admission, decisions, full, y));
    addActivation(spec.projection(layer), y);
    return y;
  }

  private BatchGate addGate(int layer, LayerSpec.Gated gated, Matrix x) {
    Matrix logits = x;
    for (Projection product : weights.get(layer).gate()) {
      logits = addWhole(product, logits);
    }
    BatchGate gate = new BatchGate(gated, logits);
    steps.add(gate);
    gates.add(layer, gated, gate.decision());
    return gate;
  }

  /// A product all of whose blocks run.
  private Matrix addWhole(Projection product, Matrix x) {
    ActiveSet blocks = ActiveSet.all(product.spec().layout().blocks());
    return addProduct(product, x, blocks, allocateOutput(product));
  }

  private Matrix addProduct(Projection product, Matrix x, ActiveSet blocks, Matrix y) {
    steps.add(new BatchProductStep(kernels, product, x, blocks, y));
    addActivation(product.spec(), y);
    return y;
  }

  private void addActivation(ProjectionSpec product, Matrix y) {
    if (product.activation() != Activation.IDENTITY) {
      steps.add(new BatchActivationStep(kernels.elementwise(), product.activation(), y));
    }
  }

  private Matrix allocateOutput(Projection product) {
    return Matrix.allocate(arena, maximumRows, product.spec().layout().paddedUnits());
  }
}
