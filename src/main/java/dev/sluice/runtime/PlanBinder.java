package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.StageSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the steps of a [Plan].
///
/// Per stage: its features, gathered if they are a selection. Per layer: its sources, joined if there are several; its non-zero inputs, where some may be
/// zero; the products of its gate over the layer's input and their decision, unless the gate is constant or there is none; its light path; then
/// the layer's own product over open inputs for open blocks, and what gates do to what they admit.
final class PlanBinder {
  private final ModelSpec spec;
  private final List<LayerSpec> layerSpecs;
  private final List<LayerWeights> weights;
  private final Kernels kernels;
  private final ZeroSkipping skipping;
  private final Workspace workspace;
  private final Arena arena;
  private final OutputStage output;
  private final PlanGates gates;
  private final @Nullable Halting halting;
  private final Set<FeatureSelection> gathered = new HashSet<>(Set.of(FeatureSelection.all()));
  private final List<Plan.Stage> stages = new ArrayList<>();
  private final List<Plan.LayerRun> layers = new ArrayList<>();
  private final List<ActiveSet> openUnits = new ArrayList<>();
  private final List<SelectionStep> selections = new ArrayList<>();
  private List<Step> steps = new ArrayList<>();
  private List<PlannedStep> planned = new ArrayList<>();

  /// What the products over a layer's input read.
  private record Source(MemorySegment x, ReadInputs inputs) {}

  PlanBinder(
      Model model, Kernels kernels, ZeroSkipping skipping, Workspace workspace, Arena arena) {
    this.spec = model.spec();
    this.layerSpecs = spec.layers();
    this.weights = model.weights().layers();
    this.kernels = kernels;
    this.skipping = skipping;
    this.workspace = workspace;
    this.arena = arena;
    this.output = new OutputStage(spec.output(), kernels.elementwise(), spec.outputs());
    this.gates = new PlanGates(spec);
    this.halting =
        spec.stages().getFirst().exit() instanceof ExitSpec.Halting exit
            ? new Halting(exit.epsilon(), spec.outputs(), 1)
            : null;
  }

  List<Plan.Stage> stages() {
    return stages;
  }

  List<Plan.LayerRun> layers() {
    return layers;
  }

  List<SelectionStep> selections() {
    return selections;
  }

  Kernels kernels() {
    return kernels;
  }

  PlanGates gates() {
    return gates;
  }

  OutputStage output() {
    return output;
  }

  MemorySegment answer() {
    return workspace.answer();
  }

  boolean halts() {
    return halting != null;
  }

  void addStages() {
    for (int stage = 0; stage < spec.stages().size(); stage++) {
      steps = new ArrayList<>();
      planned = new ArrayList<>();
      addFeatures(stage);
      Source source = new Source(MemorySegment.NULL, new ReadInputs(ActiveSet.all(0)));
      for (int layer = spec.firstLayer(stage); layer <= spec.head(stage); layer++) {
        source = addSource(layer);
        addLayer(layer, source);
      }
      MemorySegment values = workspace.output(spec.head(stage));
      StageExit exit = exit(stage, source, values);
      Step[] own = steps.toArray(Step[]::new);
      stages.add(new Plan.Stage(own, List.copyOf(planned), values, exit));
    }
  }

  private void add(int layer, StepKind kind, Step step) {
    steps.add(step);
    planned.add(new PlannedStep(layer, kind));
  }

  /// What an earlier stage gathered is still there.
  private void addFeatures(int stage) {
    FeatureSelection selection = spec.stages().get(stage).features();
    if (gathered.add(selection)) {
      FeatureRuns runs = new FeatureRuns(selection, spec.inputs());
      Step step = new GatherStep(runs, workspace.input(), workspace.features(selection));
      add(spec.firstLayer(stage), StepKind.MOVING, step);
    }
  }

  private @Nullable StageExit exit(int stage, Source headSource, MemorySegment values) {
    StageSpec own = spec.stages().get(stage);
    return switch (own.exit()) {
      case null -> null;
      case ExitSpec.Confidence confidence ->
          new StageExit.OfConfidence(confidence, output, values, workspace.answer());
      case ExitSpec.Halting ignored -> haltingExit(stage, headSource, values);
    };
  }

  private StageExit haltingExit(int stage, Source source, MemorySegment values) {
    int head = spec.head(stage);
    MemorySegment logit = workspace.product(head, Chain.HALT, 0);
    Projection unit = weights.get(head).chain(Chain.HALT).getFirst();
    ActiveSet blocks = ActiveSet.all(unit.spec().layout().blocks());
    Step step = new PanelStep(kernels, unit, source.x, source.inputs, blocks, logit);
    return new StageExit.OfHalting(
        Objects.requireNonNull(halting), stage == 0, step, logit, values, workspace.answer());
  }

  private Source addSource(int layer) {
    List<Integer> sources = spec.sources(layer);
    Source source =
        switch (sources.size()) {
          case 0 -> features(layer);
          case 1 -> {
            ReadInputs inputs = new ReadInputs(openUnits.get(sources.getFirst()));
            yield new Source(workspace.output(sources.getFirst()), inputs);
          }
          default -> joined(layer, sources);
        };
    if (skipping != ZeroSkipping.OFF && Plan.canBeSparse(spec, layer)) {
      addSelection(layer, source);
    }
    return source;
  }

  private Source features(int layer) {
    FeatureSelection selection = spec.stages().get(spec.stageOf(layer)).features();
    ActiveSet all = ActiveSet.all(selection.count(spec.inputs()));
    return new Source(workspace.features(selection), new ReadInputs(all));
  }

  private Source joined(int layer, List<Integer> sources) {
    MemorySegment x = workspace.joined(layer);
    ActiveSet open = ActiveSet.all(spec.layerInputs(layer));
    add(
        layer,
        StepKind.MOVING,
        new JoinStep(
            sources.stream().map(workspace::output).toArray(MemorySegment[]::new),
            sources.stream().map(openUnits::get).toArray(ActiveSet[]::new),
            x,
            open));
    return new Source(x, new ReadInputs(open));
  }

  private void addSelection(int layer, Source source) {
    ListedProduct product = ListedProduct.of(weights.get(layer));
    boolean always = skipping == ZeroSkipping.ALWAYS;
    SelectionStep selection = new SelectionStep(kernels, source.x, source.inputs, product, always);
    selections.add(selection);
    add(layer, StepKind.ZERO_LISTING, selection);
  }

  private void addLayer(int layer, Source source) {
    switch (layerSpecs.get(layer)) {
      case LayerSpec.Dense dense -> {
        ActiveSet blocks = ActiveSet.all(dense.blocks());
        MemorySegment y = workspace.output(layer);
        addPanel(layer, source, blocks, blocks, y);
        addActivation(layer, weights.get(layer).projection().spec(), blocks, y);
        openUnits.add(ActiveSet.all(dense.units()));
      }
      case LayerSpec.Gated gated -> {
        Source narrow = gated.lightRank() > 0 ? addNarrow(layer, source) : source;
        boolean readsLight = gated.gate().form().readsLight();
        GateDecision decision = addGate(layer, gated, readsLight ? narrow : source);
        if (gated.lightRank() > 0) {
          addMixed(layer, gated, decision, source, narrow);
          openUnits.add(ActiveSet.all(gated.units()));
        } else {
          addAdmitted(layer, gated, decision, source);
          openUnits.add(decision.openUnits());
        }
      }
    }
  }

  /// A layer's own product.
  private void addPanel(
      int layer, Source source, ActiveSet blocks, ActiveSet openGates, MemorySegment z) {
    Projection own = weights.get(layer).projection();
    TileMap tiles = TileMap.of(own.weights());
    boolean runsByTiles = PrunedMacs.runsByTiles(tiles);
    add(
        layer,
        StepKind.PANEL,
        runsByTiles
            ? new TiledPanelStep(kernels, own, tiles, source.x, source.inputs, blocks, z)
            : new PanelStep(kernels, own, source.x, source.inputs, blocks, z));
    PrunedMacs pruned = PrunedMacs.of(layer, tiles, runsByTiles);
    LayerMacs macs = new LayerMacs(spec, layer);
    layers.add(new Plan.LayerRun(macs, source.inputs, blocks, openGates, pruned));
  }

  private void addAdmitted(int layer, LayerSpec.Gated gated, GateDecision decision, Source source) {
    MemorySegment y = workspace.output(layer);
    addPanel(layer, source, decision.openBlocks(), decision.openGates(), y);
    addActivation(layer, spec.projection(layer), decision.openBlocks(), y);
    if (gated.gate().scalesOutput()) {
      Admission admission = new Admission(kernels.elementwise(), gated);
      add(layer, StepKind.MOVING, new ScaleStep(admission, decision, y));
    }
    if (layer == spec.head(spec.stageOf(layer))) {
      add(layer, StepKind.MOVING, new ClearClosedStep(decision.openUnits(), y));
    }
  }

  /// The first product of a light path, which its gate may read too.
  private Source addNarrow(int layer, Source source) {
    Projection first = weights.get(layer).chain(Chain.LIGHT).getFirst();
    MemorySegment y = workspace.product(layer, Chain.LIGHT, 0);
    ActiveSet blocks = ActiveSet.all(first.spec().layout().blocks());
    addProduct(layer, StepKind.LIGHT, first, source, blocks, y);
    return new Source(y, new ReadInputs(ActiveSet.all(first.spec().units())));
  }

  private void addMixed(
      int layer, LayerSpec.Gated gated, GateDecision decision, Source source, Source narrow) {
    MemorySegment y = workspace.output(layer);
    Projection light = weights.get(layer).chain(Chain.LIGHT).getLast();
    addProduct(layer, StepKind.LIGHT, light, narrow, ActiveSet.all(gated.blocks()), y);
    MemorySegment full = workspace.full(layer);
    addPanel(layer, source, decision.openBlocks(), decision.openGates(), full);
    Admission admission = new Admission(kernels.elementwise(), gated);
    add(layer, StepKind.MOVING, new MixStep(admission, decision, full, y));
    addActivation(layer, spec.projection(layer), ActiveSet.all(gated.blocks()), y);
  }

  private void addProduct(
      int layer,
      StepKind kind,
      Projection projection,
      Source source,
      ActiveSet blocks,
      MemorySegment y) {
    add(layer, kind, new PanelStep(kernels, projection, source.x, source.inputs, blocks, y));
    addActivation(layer, projection.spec(), blocks, y);
  }

  private void addActivation(int layer, ProjectionSpec product, ActiveSet blocks, MemorySegment y) {
    if (product.activation() != Activation.IDENTITY) {
      add(layer, StepKind.ACTIVATION, new ActivationStep(kernels, product, blocks, y));
    }
  }

  private GateDecision addGate(int layer, LayerSpec.Gated gated, Source source) {
    if (ConstantGate.isConstant(spec.gateProjections(layer))) {
      ConstantGate gate = ConstantGate.decide(kernels, gated, weights.get(layer).gate(), arena);
      gates.add(layer, gate);
      return gate.decision();
    }
    GateDecision decision = new GateDecision(gated.gate(), gated.units(), gated.blockSize());
    MemorySegment logits = addGateProducts(layer, source);
    add(layer, StepKind.ROUTING, new DecisionStep(decision, logits));
    gates.add(layer, gated, decision);
    return decision;
  }

  /// Returns where the logits will be.
  private MemorySegment addGateProducts(int layer, Source source) {
    List<Projection> products = weights.get(layer).gate();
    Source read = source;
    for (int index = 0; index < products.size(); index++) {
      ProjectionSpec product = products.get(index).spec();
      MemorySegment y = workspace.product(layer, Chain.GATE, index);
      ActiveSet blocks = ActiveSet.all(product.layout().blocks());
      addProduct(layer, StepKind.GATE, products.get(index), read, blocks, y);
      read = new Source(y, new ReadInputs(ActiveSet.all(product.units())));
    }
    return read.x;
  }
}
