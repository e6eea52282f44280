package dev.sluice.cli;

import dev.sluice.audit.TrainingAudit;
import dev.sluice.data.Dataset;
import dev.sluice.data.Splits;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.train.RegressionLoss;
import dev.sluice.train.TrainingOptions;
import picocli.CommandLine.Option;

/// Steps of a training that are audited beside predictions.
final class TrainingStepsOption {
  @Option(
      names = "--training-steps",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Train a copy of the model on for N steps, as 'sluice train' does by default, and audit"
              + " these too. Default: ${DEFAULT-VALUE}.")
  private int steps;

  void require(CommonOptions common) {
    if (steps < 0) {
      throw common.misuse("invalid --training-steps: steps are negative: steps=" + steps);
    }
  }

  /// Trains on the rows that a training with the same data would train on; the model stays as it is.
  TrainingAuditText audit(Model model, DataOption data, CommonOptions common) {
    if (steps == 0) {
      return TrainingAuditText.none(model);
    }
    Dataset training = ModelRows.source(data, common, model).load(data.text()).train();
    ModelRows.requireInputs(model, training);
    FitOptions recipe = new FitOptions();
    TrainingOptions defaults =
        recipe.forTask(common, recipe.options(common, new RegressionLoss.Squared()), training);
    Dataset rows = Splits.validation(training, defaults.validationShare(), defaults.seed()).train();
    int stepsPerEpoch = Math.ceilDiv(rows.rows(), defaults.batchSize());
    int epochs = Math.max(defaults.epochs(), Math.ceilDiv(steps, stepsPerEpoch));
    TrainingOptions options = defaults.toBuilder().epochs(epochs).build();
    TrainingAudit audit =
        TrainingAudit.of(model, options, rows, steps, KernelProvider.kernels(), 1);
    return new TrainingAuditText(model, audit);
  }
}
