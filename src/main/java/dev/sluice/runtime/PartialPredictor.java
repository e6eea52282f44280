package dev.sluice.runtime;

import dev.sluice.account.MacCount;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Predictor] that can stop after the first so many steps: what `n` steps take less what `n − 1` take is a step's time, without a clock inside.
///
/// It is a predictor with the same code, and with a shorter plan: nothing is asked between steps that predictors do not ask. A row that an exit stops earlier stops there. Of no
/// steps there remain the checks of a call and copying in and out. Belongs to the thread that made it.
public final class PartialPredictor implements AutoCloseable {
  /// A run's end.
  ///
  /// @param stage in place of the plan's own of index `lastStage`
  private record Ending(int lastStage, Plan.Stage stage) {}

  private final Predictor predictor;
  private final Plan plan;
  private final List<Plan.Stage> stages;
  private final int lastStage;
  private final List<PlannedStep> steps = new ArrayList<>();
  private final List<Ending> endings = new ArrayList<>();
  private boolean isWhole = true;

  private PartialPredictor(Predictor predictor) {
    this.predictor = predictor;
    this.plan = predictor.plan();
    this.stages = plan.stages();
    this.lastStage = plan.lastStage();
    ModelSpec spec = predictor.spec();
    for (int stage = 0; stage <= lastStage; stage++) {
      addSteps(stage);
      addExit(stage, spec.head(stage));
    }
    steps.add(new PlannedStep(spec.head(lastStage), StepKind.OUTPUT));
  }

  /// Binds a model as [Predictor#of] does, all steps to begin with.
  ///
  /// @throws IllegalArgumentException as [Predictor#budget] does
  public static PartialPredictor of(
      Model model, Kernels kernels, ZeroSkipping skipping, Budget budget) {
    Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels, skipping);
    predictor.rehearse();
    predictor.budget(budget);
    return new PartialPredictor(predictor);
  }

  private void addSteps(int stage) {
    Plan.Stage own = stages.get(stage);
    for (int count = 0; count < own.steps().length; count++) {
      endings.add(new Ending(stage, first(own, count, null)));
      steps.add(own.planned().get(count));
    }
    endings.add(new Ending(stage, first(own, own.steps().length, null)));
  }

  /// What comes after a stage's steps, if anything: its halting unit's product, its decision. Where the next stage begins the decision is over, so that the ending before
  /// that stage's first step is the one after the decision.
  private void addExit(int stage, int head) {
    Plan.Stage own = stages.get(stage);
    boolean isLast = stage == lastStage;
    switch (own.exit()) {
      case null -> requireLast(isLast);
      case StageExit.OfConfidence ignored when isLast -> {}
      case StageExit.OfConfidence ignored ->
          steps.add(new PlannedStep(head, StepKind.EXIT_DECISION));
      case StageExit.OfHalting halting -> {
        if (!isLast) {
          int count = own.steps().length;
          endings.add(new Ending(stage, first(own, count, halting.haltingUnit())));
          steps.add(new PlannedStep(head, StepKind.EXIT));
        }
        steps.add(new PlannedStep(head, StepKind.EXIT_DECISION));
        if (isLast) {
          endings.add(new Ending(stage, own));
        }
      }
    }
  }

  private static void requireLast(boolean isLast) {
    if (!isLast) {
      throw new IllegalStateException("stage before the last has no exit");
    }
  }

  private static Plan.Stage first(Plan.Stage stage, int count, @Nullable Step oneMore) {
    List<Step> few = new ArrayList<>(List.of(stage.steps()).subList(0, count));
    if (oneMore != null) {
      few.add(oneMore);
    }
    return new Plan.Stage(few.toArray(Step[]::new), List.of(), stage.values(), null);
  }

  /// All there are, in order; stages that the budget never enters have none.
  public List<PlannedStep> steps() {
    return List.copyOf(steps);
  }

  /// Runs the first `count` steps from now on.
  ///
  /// @param count 0 to all
  public void limit(int count) {
    if (count < 0 || count > steps.size()) {
      throw new IllegalArgumentException(
          "step count out of range: count=" + count + ", steps=" + steps.size());
    }
    isWhole = count == steps.size();
    if (isWhole) {
      plan.replace(stages, lastStage);
      return;
    }
    Ending ending = endings.get(count);
    List<Plan.Stage> replaced = new ArrayList<>(stages);
    replaced.set(ending.lastStage, ending.stage);
    plan.replace(replaced, ending.lastStage);
  }

  /// @param in (inputs)
  /// @param out (outputs), the answer if all steps run, else whatever is in its place by then
  public void predict(float[] in, float[] out) {
    if (isWhole) {
      predictor.predict(in, out);
    } else {
      predictor.logits(in, out);
    }
  }

  public int outputs() {
    return predictor.outputs();
  }

  /// As [Predictor#warmUp()].
  public void warmUp() {
    predictor.warmUp();
  }

  /// As [Predictor#stage].
  ///
  /// @throws IllegalStateException if not all steps ran
  public int stage() {
    requireWhole();
    return predictor.stage();
  }

  /// As [Predictor#macs].
  ///
  /// @throws IllegalStateException if not all steps ran
  public MacCount macs() {
    requireWhole();
    return predictor.macs();
  }

  private void requireWhole() {
    if (!isWhole) {
      throw new IllegalStateException("partial predictor has not run all steps");
    }
  }

  @Override
  public void close() {
    predictor.close();
  }
}
