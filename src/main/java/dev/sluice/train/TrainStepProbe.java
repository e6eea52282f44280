package dev.sluice.train;

import dev.sluice.account.MacCount;
import dev.sluice.account.StepMacs;
import dev.sluice.data.Dataset;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// The steps of a training, one at a time, for those who audit them: what each is said to execute, and which panels its products are given. It trains a copy of a
/// model, exactly as a [Trainer] would train on from these weights; without a teacher, whose answers are no part of a step.
///
/// To be used and closed by the thread that made it.
public final class TrainStepProbe implements AutoCloseable {
  private final Arena arena;
  private final ModelSpec spec;
  private final WorkTeam team;
  private final TrainingState state;
  private final TrainStep train;
  private final EpochOrder order;
  private final long totalSteps;
  private final StepCounter counter;
  private long step;

  private TrainStepProbe(
      Arena arena,
      Model model,
      TrainingOptions options,
      Dataset training,
      Kernels kernels,
      WorkTeam team) {
    this.arena = arena;
    this.spec = model.spec();
    this.team = team;
    this.order = new EpochOrder(training.rows(), options);
    this.totalSteps = Math.multiplyExact((long) order.stepsPerEpoch(), options.epochs());
    options.plasticity().requireRewiring(totalSteps);
    this.state = new TrainingState(arena, kernels, spec, options, training, null, team);
    this.counter = new StepCounter(spec);
    BudgetController budget =
        new BudgetController(Budgets.of(spec, options).gates(), options.gates(), totalSteps);
    this.train = new TrainStep(state, options, team, training, totalSteps, budget);
    boolean isF32 = model.precision() == WeightPrecision.F32;
    Weights weights = model.weights();
    state.weights.copyFrom(isF32 ? weights : weights.convert(arena, WeightPrecision.F32));
    state.plasticity.readMasks();
  }

  /// @param model of any precision; stays as it is and may be closed afterwards
  /// @param options of a whole training, of which the first steps can be taken
  /// @param kernels that run all of a step's products
  /// @throws IllegalArgumentException if model, options and data do not fit
  public static TrainStepProbe of(
      Model model, TrainingOptions options, Dataset training, Kernels kernels) {
    return make(model, options, training, kernels, new WorkTeam());
  }

  /// The same with threads, which change nothing that is computed.
  ///
  /// @param threads with this one; the others are tasks of `executor` until the probe is closed
  public static TrainStepProbe of(
      Model model,
      TrainingOptions options,
      Dataset training,
      Kernels kernels,
      Executor executor,
      int threads) {
    OptionChecks.within("threads", threads, 1, 1 << 10);
    return make(model, options, training, kernels, new WorkTeam(executor, threads));
  }

  private static TrainStepProbe make(
      Model model, TrainingOptions options, Dataset training, Kernels kernels, WorkTeam team) {
    Arena arena = Arena.ofShared();
    try {
      Trainer.requireFit(model.spec(), options, training);
      return new TrainStepProbe(arena, model, options, training, kernels, team);
    } catch (Throwable e) {
      team.close();
      arena.close();
      throw e;
    }
  }

  /// How many [#step] there are.
  public long totalSteps() {
    return totalSteps;
  }

  /// Loads the next rows, goes forward and back, and updates the copy's weights.
  ///
  /// @return rows of the batch
  /// @throws IllegalStateException after the last step
  public int step() {
    if (step == totalSteps) {
      throw new IllegalStateException("training has no more steps: totalSteps=" + totalSteps);
    }
    TrainStep.Outcome outcome = train.run(step, order.rowsOf(step), order.from(step));
    step++;
    return outcome.rows();
  }

  /// What the products of the last step executed, by the account: a new count each time, taken from the decisions that the step has left behind.
  public StepMacs macs() {
    StepMacs macs = new StepMacs(spec.layers().size());
    Network network = state.network;
    for (int layer = 0; layer < macs.layers(); layer++) {
      GatePass gate = network.layers().get(layer).gate();
      counter.count(
          layer,
          network.batch().rows(),
          gate == null ? null : gate.decisions().groups(),
          gate != null && gate.computesClosed(),
          macs);
    }
    return macs;
  }

  /// The panels that kernels are given: weights, their gradients, or transposed weights. None where a layer has no such products or they no such pass.
  public List<Panels> panels(StepMacs.Pass pass, int layer, MacCount.Kind kind) {
    List<Panels> all = new ArrayList<>();
    for (LayerPass product : products(state.network.layers().get(layer), kind)) {
      Panels panels = product.product().panels(pass);
      if (panels != null) {
        all.add(panels);
      }
    }
    return all;
  }

  private List<LayerPass> products(LayerPass layer, MacCount.Kind kind) {
    GatePass gate = layer.gate();
    LayerPass haltingUnit = state.network.answers().haltingUnit(layer);
    return switch (kind) {
      case PANEL -> List.of(layer);
      case GATE -> gate == null ? List.of() : gate.chain();
      case LIGHT -> layer.lightChain();
      case EXIT -> haltingUnit == null ? List.of() : List.of(haltingUnit);
    };
  }

  @Override
  public void close() {
    team.close();
    arena.close();
  }
}
