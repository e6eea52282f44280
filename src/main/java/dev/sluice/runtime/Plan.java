package dev.sluice.runtime;

import dev.sluice.account.MacCounter;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps one row takes through a network, bound once to weights, kernels and workspace: stage by stage, until an exit or a limit stops it.
///
/// The sets that steps leave behind are all that accounting needs, so counting costs nothing until it is asked for.
final class Plan {
  /// What a layer reads and runs.
  ///
  /// @param inputs units of the layers before that are open, and those read
  /// @param openGates what its gates leave open; all blocks of a dense layer
  /// @param tiles null if none is dead
  record LayerRun(
      LayerMacs macs,
      ReadInputs inputs,
      ActiveSet openBlocks,
      ActiveSet openGates,
      @Nullable PrunedMacs tiles) {}

  /// @param planned what each of the steps is for
  /// @param values of the head, before softmax or sigmoid
  /// @param exit null for the last stage under confidence exits
  record Stage(
      Step[] steps, List<PlannedStep> planned, MemorySegment values, @Nullable StageExit exit) {}

  private final Stage[] stages;
  private final LayerRun[] layers;
  private final int[] stageOf;
  private final int[] heads;
  private final ActiveSet[] notRunBlocks;
  private final ActiveSet[] notRunGates;
  private final SelectionStep[] selections;
  private final Kernels kernels;
  private final PlanGates gates;
  private final OutputStage output;
  private final MemorySegment answer;
  private final boolean halts;
  private boolean ignoresExits;
  private int lastStage;
  private int stage;
  private boolean isAnswerReady;
  private boolean isSameForAllRows;

  private Plan(ModelSpec spec, PlanBinder binder) {
    this.stages = binder.stages().toArray(Stage[]::new);
    this.layers = binder.layers().toArray(LayerRun[]::new);
    this.selections = binder.selections().toArray(SelectionStep[]::new);
    this.kernels = binder.kernels();
    this.gates = binder.gates();
    this.output = binder.output();
    this.answer = binder.answer();
    this.halts = binder.halts();
    this.lastStage = stages.length - 1;
    this.stage = lastStage;
    this.stageOf = new int[layers.length];
    this.notRunBlocks = new ActiveSet[layers.length];
    this.notRunGates = new ActiveSet[layers.length];
    this.heads = new int[stages.length];
    for (int layer = 0; layer < layers.length; layer++) {
      stageOf[layer] = spec.stageOf(layer);
      heads[stageOf[layer]] = layer;
      notRunBlocks[layer] = new ActiveSet(layers[layer].openBlocks.capacity());
      notRunGates[layer] = new ActiveSet(layers[layer].openGates.capacity());
    }
    tune();
  }

  /// @param arena of what the workspace does not hold
  static Plan bind(
      Model model, Kernels kernels, ZeroSkipping skipping, Workspace workspace, Arena arena) {
    ShapeCheck.require(model);
    PlanBinder binder = new PlanBinder(model, kernels, skipping, workspace, arena);
    binder.addStages();
    return new Plan(model.spec(), binder);
  }

  /// Decides anew from which number of zeros on they are skipped, by what is known of the machine now.
  void tune() {
    for (SelectionStep selection : selections) {
      selection.tune(Calibration.costs(kernels, selection.product()));
    }
    isSameForAllRows =
        stages.length == 1
            && !gates.decide()
            && Arrays.stream(selections).noneMatch(SelectionStep::lists);
  }

  /// Whether every row executes the same, until [#tune] or [#set].
  boolean isSameForAllRows() {
    return isSameForAllRows;
  }

  /// Whether some inputs of layer `layer` may be exactly zero as a rule. Other activations than ReLU give next to no zeros.
  static boolean canBeSparse(ModelSpec spec, int layer) {
    List<Integer> sources = spec.sources(layer);
    return sources.isEmpty()
        || sources.stream()
            .anyMatch(source -> spec.projection(source).activation() == Activation.RELU);
  }

  /// Whether rows are looked through for zeros by what is known of the machine now.
  static boolean mayList(ModelSpec spec, int layer, ListedProduct product, Kernels kernels) {
    return canBeSparse(spec, layer) && Calibration.costs(kernels, product).isWorthListing(product);
  }

  /// See [PlanGates#mostOpen].
  int[] mostOpenGates() {
    return gates.mostOpen();
  }

  void set(Limits limits) {
    gates.set(limits);
    lastStage = limits.lastStage();
    for (int index = 0; index < stages.length; index++) {
      if (stages[index].exit instanceof StageExit.OfConfidence confidence) {
        confidence.setThreshold(limits.thresholds()[index]);
      }
    }
  }

  List<Stage> stages() {
    return List.of(stages);
  }

  int lastStage() {
    return lastStage;
  }

  /// Goes through other stages from the next run on, for [PartialPredictor].
  void replace(List<Stage> others, int last) {
    for (int index = 0; index < stages.length; index++) {
      stages[index] = others.get(index);
    }
    lastStage = last;
  }

  /// Whether rows go through all stages whatever their exits say: so that all code gets warm.
  void ignoreExits(boolean ignores) {
    ignoresExits = ignores;
  }

  /// Takes the row from the workspace's input to its answer.
  void run() {
    int current = 0;
    runSteps(0);
    while (current < lastStage && goesOn(current)) {
      runSteps(++current);
    }
    StageExit exit = stages[current].exit;
    isAnswerReady = current < lastStage && !halts;
    if (current == lastStage && exit != null) {
      exit.end();
    }
    stage = current;
  }

  private boolean goesOn(int current) {
    StageExit exit = stages[current].exit;
    return exit == null || !exit.stops() || ignoresExits;
  }

  private void runSteps(int current) {
    for (Step step : stages[current].steps) {
      step.run();
    }
  }

  /// The stage that answered.
  int stage() {
    return stage;
  }

  /// The answer before softmax or sigmoid.
  MemorySegment values() {
    return halts ? answer : stages[stage].values;
  }

  /// The answer in the blueprint's output form; to be asked for once per run, and after [#values].
  MemorySegment answer() {
    if (isAnswerReady) {
      return answer;
    }
    MemorySegment values = values();
    output.apply(values, 0);
    return values;
  }

  /// Adds what the last run executed.
  void count(MacCounter macs) {
    for (int layer = 0; layer < layers.length; layer++) {
      LayerRun run = layers[layer];
      if (stageOf[layer] > stage) {
        run.macs.countNotRun(1, macs);
        continue;
      }
      int open = run.inputs.open().count();
      int read = run.inputs.chosen().count();
      run.macs.count(run.openBlocks, 1, open, read, macs);
      if (run.tiles != null) {
        run.tiles.count(run.openBlocks, run.inputs, macs);
      }
      if (halts && layer == heads[stageOf[layer]] && stageOf[layer] < lastStage) {
        run.macs.countHalting(1, open, read, macs);
      }
    }
  }

  ActiveSet openBlocks(int layer) {
    return stageOf[layer] <= stage ? layers[layer].openBlocks : notRunBlocks[layer];
  }

  ActiveSet openGates(int layer) {
    return stageOf[layer] <= stage ? layers[layer].openGates : notRunGates[layer];
  }
}
