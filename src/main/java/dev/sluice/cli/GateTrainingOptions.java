package dev.sluice.cli;

import dev.sluice.gate.GateRule;
import dev.sluice.train.GateOptions;
import dev.sluice.train.Schedule;
import dev.sluice.train.TrainingDecision;
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
              + " keep-floor, block-share, row-share, block-share-squared, row-share-squared.")
  private List<String> penalties = new ArrayList<>();

  @Option(
      names = "--block-floor",
      paramLabel = "SHARE:WEIGHT",
      description =
          "Share of a batch's rows on which every gate should open, and the term's weight.")
  private @Nullable String blockFloor;

  @Option(
      names = "--variance",
      paramLabel = "WEIGHT",
      description = "Rewards gates that differ from row to row. Default: 0.")
  private @Nullable Double variance;

  @Option(
      names = "--gate-learning-rate",
      paramLabel = "FACTOR",
      description = "Learning rate of gates over that of layers. Default: 1.")
  private @Nullable Double learningRate;

  @Option(
      names = "--gate-clip",
      paramLabel = "NORM",
      description = "Largest norm of all gates' gradients together, 0 for none. Default: 0.")
  private @Nullable Double clip;

  @Option(
      names = "--sample-gates",
      description = "Draw decisions in training, by the rule threshold; it decides afterwards.")
  private boolean samples;

  @Option(
      names = "--no-closed-gradient",
      description =
          "Do not compute closed blocks in training: faster, and closed gates learn from penalties"
              + " alone.")
  private boolean skipsClosed;

  /// What the rule itself says of temperature and threshold.
  private Map<String, Object> byRule = Map.of();

  /// Takes temperature and threshold from a rule, unless options of their own are given.
  GateTrainingOptions startingFrom(GateRule rule) {
    byRule = rule.parameters();
    return this;
  }

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
    given.put("--block-floor", blockFloor);
    given.put("--variance", variance);
    given.put("--gate-learning-rate", learningRate);
    given.put("--gate-clip", clip);
    given.put("--sample-gates", samples ? true : null);
    given.put("--no-closed-gradient", skipsClosed ? true : null);
    return given.entrySet().stream()
        .filter(option -> option.getValue() != null)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  GateOptions options(CommonOptions common) {
    GateOptions.Builder builder = DEFAULTS.toBuilder();
    builder
        .temperature(schedule(common, "temperature", temperature, DEFAULTS.temperature()))
        .threshold(schedule(common, "threshold", threshold, DEFAULTS.threshold()));
    if (macBudget != null) {
      builder.macBudget(macBudget);
    }
    List<UsagePenalty> terms =
        common.option("--penalty", () -> penalties.stream().map(OptionTexts::penalty).toList());
    builder
        .penalties(terms)
        .initialOpening(opening == null ? DEFAULTS.initialOpening() : opening)
        .warmUpShare(warmUp == null ? DEFAULTS.warmUpShare() : warmUp)
        .varianceWeight(variance == null ? DEFAULTS.varianceWeight() : variance)
        .learningRateScale(learningRate == null ? DEFAULTS.learningRateScale() : learningRate)
        .clipNorm(clip == null ? DEFAULTS.clipNorm() : clip)
        .decision(samples ? TrainingDecision.BERNOULLI : TrainingDecision.THRESHOLD)
        .closedBlockGradient(!skipsClosed);
    String floor = blockFloor;
    if (floor != null) {
      double[] shareAndWeight = common.option("--block-floor", () -> OptionTexts.pair(floor));
      builder.blockFloor(shareAndWeight[0], shareAndWeight[1]);
    }
    return common.options(builder::build);
  }

  /// @param name of a parameter of rules, and of the option
  private Schedule schedule(
      CommonOptions common, String name, @Nullable String text, Schedule byDefault) {
    if (text != null) {
      return common.option("--" + name, () -> OptionTexts.schedule(text));
    }
    return byRule.get(name) instanceof Float value ? Schedule.constant(value) : byDefault;
  }
}
