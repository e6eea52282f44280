package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.train.Augmentation;
import dev.sluice.train.OptimizerOptions;
import dev.sluice.train.RegressionLoss;
import dev.sluice.train.TrainingOptions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a network is fitted to data; what is not given stays at the trainer's own default.
final class FitOptions {
  private static final TrainingOptions DEFAULTS = TrainingOptions.defaults();

  /// What stochastic gradient descent usually starts from; the trainer's defaults are AdamW's.
  private static final double SGD_LEARNING_RATE = 0.1;

  private static final double SGD_WEIGHT_DECAY = 5e-4;

  /// Chosen on MNIST's validation rows, for dense and gated networks alike; targets of a regression do not bear the noise.
  private static final double CLASSIFICATION_DROPOUT = 0.2;

  private static final double CLASSIFICATION_INPUT_DROPOUT = 0.1;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training rows. Default: ${DEFAULT-VALUE}.")
  private int epochs = DEFAULTS.epochs();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "Of weights, order of rows, dropout and validation rows; the same seed gives the same"
              + " file. Default: ${DEFAULT-VALUE}.")
  private long seed = DEFAULTS.seed();

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "Rows of a step. Default: ${DEFAULT-VALUE}.")
  private int batch = DEFAULTS.batchSize();

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "adamw, sgd[:MOMENTUM] or nesterov[:MOMENTUM]. Default: ${DEFAULT-VALUE}.")
  private String optimizer = "adamw";

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Highest learning rate. Default: 0.1 for sgd; the trainer's own for adamw.")
  private @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "Course of the learning rate: one-cycle, cosine or constant. Default: ${DEFAULT-VALUE}.")
  private String schedule =
      DEFAULTS.learningRate().shape().name().toLowerCase(Locale.ROOT).replace('_', '-');

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "Pulls weights to 0. Default: 0.0005 for sgd; the trainer's own for adamw.")
  private @Nullable Double weightDecay;

  @Option(
      names = "--dropout",
      paramLabel = "SHARE",
      description = "Of hidden units. Default: 0.2 for classes, 0 for regression.")
  private @Nullable Double dropout;

  @Option(
      names = "--input-dropout",
      paramLabel = "SHARE",
      description = "Of features. Default: 0.1 for classes, 0 for regression.")
  private @Nullable Double inputDropout;

  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      description = "Share of each label that is spread over all. Default: ${DEFAULT-VALUE}.")
  private double labelSmoothing = DEFAULTS.labelSmoothing();

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Largest norm of the gradient, 0 for no limit. Default: ${DEFAULT-VALUE}.")
  private double clip = DEFAULTS.clipNorm();

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description =
          "Stop after so many epochs without a better validation result, 0 for never."
              + " Default: ${DEFAULT-VALUE}.")
  private int patience = DEFAULTS.patience();

  @Option(
      names = "--validation-share",
      paramLabel = "SHARE",
      description = "Of the training rows, held out. Default: ${DEFAULT-VALUE}.")
  private double validationShare = DEFAULTS.validationShare();

  @Option(
      names = "--augment",
      paramLabel = "KIND[,KIND]",
      description =
          "Vary the training rows: shift=PIXELS and flip for pictures, noise=DEVIATION for any"
              + " data; variants=N of each row, default 8.")
  private @Nullable String augment;

  @Mixin private final TeacherOptions teachers = new TeacherOptions();

  @Mixin private final PlasticityOptions plasticity = new PlasticityOptions();

  @Mixin private final GateTrainingOptions gates = new GateTrainingOptions();

  @Mixin private final StageTrainingOptions stages = new StageTrainingOptions();

  StageTrainingOptions stages() {
    return stages;
  }

  GateTrainingOptions gates() {
    return gates;
  }

  TeacherOptions teachers() {
    return teachers;
  }

  TrainingOptions options(CommonOptions common, RegressionLoss regressionLoss) {
    Augmentation augmentation = common.option("--augment", this::augmentation);
    var gateOptions = gates.options(common);
    var structure = plasticity.options(common);
    var stageOptions = stages.options(common);
    return common.options(
        () ->
            TrainingOptions.builder()
                .epochs(epochs)
                .seed(seed)
                .batchSize(batch)
                .optimizer(optimizer())
                .learningRate(OptionTexts.learningRate(schedule, peak()))
                .dropout(dropout == null ? CLASSIFICATION_DROPOUT : dropout)
                .inputDropout(inputDropout == null ? CLASSIFICATION_INPUT_DROPOUT : inputDropout)
                .labelSmoothing(labelSmoothing)
                .clipNorm(clip)
                .regressionLoss(regressionLoss)
                .distillation(teachers.distillation())
                .patience(patience)
                .validationShare(validationShare)
                .augmentation(augmentation)
                .stages(stageOptions)
                .gates(gateOptions)
                .plasticity(structure)
                .build());
  }

  private Augmentation augmentation() {
    return augment == null ? Augmentation.none() : OptionTexts.augmentation(augment);
  }

  /// `options` with the defaults that depend on the task, if they fit the data.
  TrainingOptions forTask(CommonOptions common, TrainingOptions options, Dataset training) {
    common.option("--augment", () -> requireAugmentable(options.augmentation(), training));
    if (training.classes() > 0) {
      return options;
    }
    return options.toBuilder()
        .dropout(dropout == null ? 0 : dropout)
        .inputDropout(inputDropout == null ? 0 : inputDropout)
        .build();
  }

  private static Dataset requireAugmentable(Augmentation augmentation, Dataset training) {
    augmentation.requireFit(training);
    return training;
  }

  private OptimizerOptions optimizer() {
    double fallback = isAdaptive() ? DEFAULTS.optimizer().weightDecay() : SGD_WEIGHT_DECAY;
    return OptionTexts.optimizer(optimizer, weightDecay == null ? fallback : weightDecay);
  }

  private double peak() {
    double fallback = isAdaptive() ? DEFAULTS.learningRate().peak() : SGD_LEARNING_RATE;
    return learningRate == null ? fallback : learningRate;
  }

  private boolean isAdaptive() {
    return optimizer.equals("adamw");
  }
}
