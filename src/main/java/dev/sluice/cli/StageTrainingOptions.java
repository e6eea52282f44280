package dev.sluice.cli;

import dev.sluice.train.StageOptions;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How networks of several stages are trained; what is not given stays at the trainer's own default.
final class StageTrainingOptions {
  private static final StageOptions DEFAULTS = StageOptions.defaults();

  @Option(
      names = "--stage-weights",
      paramLabel = "W,W",
      description = "Of the stages' losses. Default: 1 each.")
  private @Nullable String weights;

  @Option(
      names = "--stop-shared-gradient",
      description = "Later stages do not train what they share of earlier ones.")
  private boolean stopsSharedGradient;

  @Option(
      names = "--self-distill",
      paramLabel = "SHARE",
      description = "Of an earlier stage's loss that the last stage's answer teaches. Default: 0.")
  private @Nullable Double selfDistillation;

  @Option(
      names = "--focus",
      paramLabel = "GAMMA",
      description =
          "A later stage weighs a row by (1 - confidence of the stage before)^GAMMA. Default: 0.")
  private @Nullable Double focus;

  @Option(
      names = "--gate-budget",
      paramLabel = "SHARE",
      description =
          "With exits: relative MACs of rows through all stages that the gates meet; --mac-budget"
              + " is then the mean that the exits meet.")
  private @Nullable Double gateBudget;

  @Option(
      names = "--ponder",
      paramLabel = "TAU",
      description = "With --halting: what a further stage costs in the loss. Default: 0.01.")
  private @Nullable Double ponder;

  /// The first option that only several stages can obey, empty if none was given.
  String givenOption() {
    return weights != null
        ? "--stage-weights"
        : stopsSharedGradient
            ? "--stop-shared-gradient"
            : selfDistillation != null
                ? "--self-distill"
                : focus != null
                    ? "--focus"
                    : gateBudget != null ? "--gate-budget" : ponder != null ? "--ponder" : "";
  }

  boolean hasGateBudget() {
    return gateBudget != null;
  }

  boolean ponders() {
    return ponder != null;
  }

  StageOptions options(CommonOptions common) {
    String given = weights;
    List<Double> stageWeights =
        given == null
            ? DEFAULTS.weights()
            : common.option("--stage-weights", () -> OptionTexts.numbers(given));
    return common.options(
        () ->
            new StageOptions(
                stageWeights,
                !stopsSharedGradient,
                selfDistillation == null ? DEFAULTS.selfDistillation() : selfDistillation,
                focus == null ? DEFAULTS.focus() : focus,
                gateBudget == null ? OptionalDouble.empty() : OptionalDouble.of(gateBudget),
                ponder == null ? DEFAULTS.ponderWeight() : ponder));
  }
}
