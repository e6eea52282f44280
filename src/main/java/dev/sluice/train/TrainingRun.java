package dev.sluice.train;

import dev.sluice.account.jfr.FlightEvents;
import dev.sluice.data.Dataset;
import dev.sluice.data.Splits;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One training from start, or checkpoint, to result.
final class TrainingRun {
  private final Trainer.Builder setup;
  private final ModelSpec spec;
  private final TrainingOptions options;
  private final Dataset training;
  private final @Nullable Dataset validation;
  private final TrainingState state;
  private final TrainStep step;
  private final Budgets budgets;
  private final BudgetController budget;
  private final BestWeights best;
  private final Checkpoint checkpoint;
  private final TrainingEnd end;
  private final EpochOrder order;
  private final int stepsPerEpoch;
  private final long totalSteps;
  private final BooleanSupplier cancelled;
  private Progress progress = new Progress();
  private long clockNanos;
  private long clockRows;
  private String divergence = "";

  TrainingRun(Trainer.Builder setup, Arena arena, WorkTeam team, BooleanSupplier cancelled) {
    this.setup = setup;
    this.spec = setup.spec;
    this.options = setup.options;
    this.cancelled = cancelled;
    if (setup.validation == null && options.validationShare() > 0) {
      Splits.Parts parts =
          Splits.validation(setup.training, options.validationShare(), options.seed());
      this.training = parts.train();
      this.validation = parts.validation();
    } else {
      this.training = setup.training;
      this.validation = setup.validation;
    }
    this.order = new EpochOrder(training.rows(), options);
    this.stepsPerEpoch = order.stepsPerEpoch();
    this.totalSteps = Math.multiplyExact((long) stepsPerEpoch, options.epochs());
    options.plasticity().requireRewiring(totalSteps);
    this.budgets = Budgets.of(spec, options);
    this.budget = new BudgetController(budgets.gates(), options.gates(), totalSteps);
    progress.budgetIntegral = budget.integral();
    this.state =
        new TrainingState(
            arena, setup.kernels, spec, options, training, answers(arena, team), team);
    progress.gateMemory = state.network.gateMemory();
    this.step = new TrainStep(state, options, team, training, totalSteps, budget);
    this.best = new BestWeights(state.weights, state.best, validation != null, budgets.gates());
    Map<String, String> identity = Provenance.identity(setup);
    this.checkpoint =
        new Checkpoint(
            identity,
            state.weights,
            state.best,
            state.optimizer.firstMoments(),
            state.optimizer.secondMoments(),
            state.plasticity.tensors());
    this.end = new TrainingEnd(setup, state, training, validation, identity);
  }

  private @Nullable TeacherAnswers answers(Arena arena, WorkTeam team) {
    if (options.distillation().weight() == 0) {
      return null;
    }
    if (setup.teacher == null) {
      return setup.answers;
    }
    return setup.teacher.answer(
        arena, setup.kernels, training, options.augmentation(), options.seed(), team);
  }

  TrainingResult run() {
    if (setup.resumeFrom != null) {
      progress = checkpoint.read(setup.resumeFrom);
      budget.restore(progress.budgetIntegral);
      state.plasticity.restore(progress.rewirings);
      state.network.rememberGates(progress.gateMemory);
    }
    StopReason reason = train();
    if (reason == StopReason.CANCELLED) {
      writeCheckpoint();
    }
    long lastStep = Math.max(0, progress.step - 1);
    return end.result(
        progress, reason, message(reason), step.temperature(lastStep), step.threshold(lastStep));
  }

  private StopReason train() {
    restartClock();
    while (progress.step < totalSteps) {
      if (isOutOfPatience()) {
        return StopReason.EARLY_STOPPING;
      }
      if (cancelled.getAsBoolean()) {
        return StopReason.CANCELLED;
      }
      TrainStep.Outcome outcome = oneStep();
      if (!outcome.finite()) {
        divergence = describeDivergence(outcome);
        return StopReason.DIVERGED;
      }
      account(outcome);
      boolean endsEpoch = progress.step % stepsPerEpoch == 0;
      int every = setup.checkpointSteps;
      boolean isDue = every == 0 ? endsEpoch : progress.step % every == 0;
      if ((endsEpoch || isDue) && !state.weightsAreFinite()) {
        divergence = describeDivergence(outcome) + ", weights=not finite";
        return StopReason.DIVERGED;
      }
      if (endsEpoch) {
        endEpoch(outcome);
      }
      if (isDue) {
        writeCheckpoint();
      }
    }
    return StopReason.COMPLETED;
  }

  private boolean isOutOfPatience() {
    return options.patience() > 0 && progress.epochsWithoutImprovement >= options.patience();
  }

  private TrainStep.Outcome oneStep() {
    return step.run(progress.step, order.rowsOf(progress.step), order.from(progress.step));
  }

  private String describeDivergence(TrainStep.Outcome outcome) {
    return "training diverged: epoch="
        + (progress.step / stepsPerEpoch + 1)
        + ", step="
        + (progress.step + 1)
        + ", loss="
        + outcome.lossSum() / outcome.rows()
        + ", gradientNorm="
        + outcome.gradientNorm();
  }

  private void account(TrainStep.Outcome outcome) {
    progress.step++;
    progress.lossSum += outcome.lossSum();
    progress.rightCount += outcome.rightCount();
    progress.macs += outcome.macs();
    progress.takenBack += outcome.takenBack();
    progress.gateMemory = state.network.gateMemory();
    progress.rows += outcome.rows();
    progress.budgetIntegral = budget.integral();
    progress.macWeight = outcome.macWeight();
    progress.rewirings = state.plasticity.rewirings();
    clockRows += outcome.rows();
    int epoch = (int) ((progress.step - 1) / stepsPerEpoch) + 1;
    setup.listener.stepDone(
        new StepRecord(
            epoch,
            options.epochs(),
            progress.step,
            totalSteps,
            (int) (progress.step - (long) (epoch - 1) * stepsPerEpoch),
            stepsPerEpoch,
            progress.lossSum / progress.rows,
            trainingAccuracy(),
            trainingRelativeMacs(),
            outcome.learningRate(),
            takenBackPerRow(),
            rowsPerSecond()));
  }

  private double trainingAccuracy() {
    return spec.output() == OutputForm.IDENTITY
        ? Double.NaN
        : (double) progress.rightCount / progress.rows;
  }

  private double trainingRelativeMacs() {
    return (double) progress.macs / progress.rows / state.network.costs().denseMacs();
  }

  private double takenBackPerRow() {
    return (double) progress.takenBack / progress.rows;
  }

  private void restartClock() {
    clockNanos = System.nanoTime();
    clockRows = 0;
  }

  private double rowsPerSecond() {
    return clockRows * 1e9 / Math.max(1, System.nanoTime() - clockNanos);
  }

  private void endEpoch(TrainStep.Outcome last) {
    double rowsPerSecond = rowsPerSecond();
    ExitTable table = validation == null ? null : state.evaluator.table(validation);
    EpochRecord record = record(last, rowsPerSecond, Optional.ofNullable(table).map(this::judge));
    progress.history.add(record);
    best.offer(
        record,
        table == null ? Double.NaN : table.fullRelativeMacs(),
        budget.target((double) progress.step / totalSteps),
        state.plasticity.isSettled(progress.step, totalSteps),
        progress);
    progress.startEpoch();
    record(record);
    setup.listener.epochDone(record);
    restartClock();
  }

  private static void record(EpochRecord epoch) {
    FlightEvents.trainingEpoch(
        epoch.epoch(),
        epoch.trainingLoss(),
        epoch.trainingAccuracy(),
        epoch.trainingRelativeMacs(),
        epoch.validationLoss(),
        epoch.validationAccuracy(),
        epoch.relativeMacs(),
        epoch.rowsPerSecond());
  }

  private Evaluation judge(ExitTable table) {
    return table.evaluation(ExitThresholds.choose(spec, budgets.exits(), table));
  }

  private EpochRecord record(
      TrainStep.Outcome last, double rowsPerSecond, Optional<Evaluation> evaluation) {
    Evaluation none = new Evaluation(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    Evaluation after = evaluation.orElse(none);
    return new EpochRecord(
        progress.history.size() + 1,
        progress.lossSum / progress.rows,
        trainingAccuracy(),
        trainingRelativeMacs(),
        after.loss(),
        after.accuracy(),
        after.relativeMacs(),
        after.gateRatioMean(),
        after.gateRatioStdDev(),
        rowsPerSecond,
        last.learningRate(),
        last.macWeight(),
        step.temperature(progress.step - 1),
        step.threshold(progress.step - 1),
        takenBackPerRow());
  }

  private void writeCheckpoint() {
    if (setup.checkpoint != null) {
      checkpoint.write(setup.checkpoint, progress);
    }
  }

  private String message(StopReason reason) {
    int done = progress.history.size();
    return switch (reason) {
      case COMPLETED -> "training completed: epochs=" + done;
      case EARLY_STOPPING ->
          "training stopped early: epochs=" + done + ", bestEpoch=" + progress.bestEpoch;
      case CANCELLED -> "training cancelled: epochs=" + done + ", steps=" + progress.step;
      case DIVERGED -> divergence;
    };
  }
}
