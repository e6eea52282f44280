package dev.sluice.cli;

import dev.sluice.train.GateOptions;
import dev.sluice.train.Schedule;
import dev.sluice.train.UsagePenalty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How gates are trained; what is not given stays at the trainer's own default.
final class GateTrainingOptions {
  private static final GateOptions DEFAULTS = GateOptions.defaults();

  @Option(
      names = "--mac-budget",
      paramLabel = "SHARE",
      description =
          "Wanted MACs of a row over those of the dense network, gates counted: 0.25. The trainer"
              + " finds the penalty, or the thresholds of exits, that meet it.")
  private @Nullable Double macBudget;

  @Option(
      names = "--temperature",
      paramLabel = "FROM[:TO[:SHAPE]]",
      description = "Of gates over training; shape linear or exponential. Default: 1.")
  private @Nullable String temperature;

  @Option(
      names = "--threshold",
      paramLabel = "FROM[:TO[:SHAPE]]",
      description = "Probability above which a gate opens. Default: 0.5.")
  private @Nullable String threshold;

  @Option(
      names = "--opening",
      paramLabel = "P",
      description = "Probability at which gates start. Default: 0.73.")
  private @Nullable Double opening;

  @Option(
      names = "--warm-up",
      paramLabel = "SHARE",
      description =
          "Of the steps, before penalties act and the budget begins to tighten. Default: 0.05.")
  private @Nullable Double warmUp;

  @Option(
      names = "--penalty",
      paramLabel = "KIND:WEIGHT[:TARGET]",
      description =
          "Term on how far gates open, may be repeated: usage, hinge, target, hard-target,"
              + " keep-floor.")
  private List<String> penalties = new ArrayList<>();

  /// Whether something makes gates close: without it they stay open, and nothing is saved.
  ///
  /// @param hasExits whether the budget is the exits' to meet
  boolean hasPressure(boolean hasExits) {
    return (macBudget != null && !hasExits) || !penalties.isEmpty();
  }

  /// The first option that only gates can obey, empty if none was given.
  ///
  /// @param hasExits whether exits can meet a budget
  String givenOption(boolean hasExits) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("--mac-budget", hasExits ? null : macBudget);
    given.put("--penalty", penalties.isEmpty() ? null : penalties);
    given.put("--temperature", temperature);
    given.put("--threshold", threshold);
    given.put("--opening", opening);
    given.put("--warm-up", warmUp);
    return given.entrySet().stream()
        .filter(option -> option.getValue() != null)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  GateOptions options(CommonOptions common) {
    GateOptions.Builder builder = DEFAULTS.toBuilder();
    if (temperature != null) {
      builder.temperature(schedule(common, "--temperature", temperature));
    }
    if (threshold != null) {
      builder.threshold(schedule(common, "--threshold", threshold));
    }
    if (macBudget != null) {
      builder.macBudget(macBudget);
    }
    List<UsagePenalty> terms =
        common.option("--penalty", () -> penalties.stream().map(OptionTexts::penalty).toList());
    builder
        .penalties(terms)
        .initialOpening(opening == null ? DEFAULTS.initialOpening() : opening)
        .warmUpShare(warmUp == null ? DEFAULTS.warmUpShare() : warmUp);
    return common.options(builder::build);
  }

  private static Schedule schedule(CommonOptions common, String name, String text) {
    return common.option(name, () -> OptionTexts.schedule(text));
  }
}
