package dev.sluice.cli;

import dev.sluice.audit.TrainingAudit;
import dev.sluice.data.Dataset;
import dev.sluice.data.Splits;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.train.RegressionLoss;
import dev.sluice.train.TrainStepProbe;
import dev.sluice.train.TrainingOptions;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// Steps of a training that are audited beside predictions.
final class TrainingStepsOption {
  /// Makes an audit of the first steps of a training.
  @FunctionalInterface
  interface Auditor {
    TrainingAudit audit(Model model, TrainingOptions options, Dataset rows, int steps);
  }

  @Option(
      names = "--training-steps",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Train a copy of the model on for N steps, as 'sluice train' does by default, and audit"
              + " these too; at most as many as that has. Default: ${DEFAULT-VALUE}.")
  private int steps;

  void require(CommonOptions common) {
    if (steps < 0) {
      throw common.misuse("invalid --training-steps: steps are negative: steps=" + steps);
    }
  }

  /// Loads the rows that a training with the same data would train on, and proves that it can train for so many steps: neither takes long, and an audit does.
  ///
  /// @return trains a copy of the model; without steps there is nothing to say
  /// @throws CommandFailure if the training has fewer steps
  Supplier<TrainingAuditText> prepare(
      Model model, DataOption data, CommonOptions common, Auditor auditor) {
    if (steps == 0) {
      return () -> TrainingAuditText.none(model);
    }
    Dataset training = ModelRows.source(data, common, model).load(data.text()).train();
    ModelRows.requireInputs(model, training);
    FitOptions recipe = new FitOptions();
    TrainingOptions options =
        recipe.forTask(common, recipe.options(common, new RegressionLoss.Squared()), training);
    Dataset rows = Splits.validation(training, options.validationShare(), options.seed()).train();
    requireSteps(model, options, rows);
    return () -> new TrainingAuditText(model, auditor.audit(model, options, rows, steps));
  }

  private void requireSteps(Model model, TrainingOptions options, Dataset rows) {
    try (TrainStepProbe probe = TrainStepProbe.of(model, options, rows, KernelProvider.kernels())) {
      if (steps > probe.totalSteps()) {
        throw new CommandFailure(
            "training has fewer steps: steps=" + steps + ", totalSteps=" + probe.totalSteps());
      }
    }
  }
}
