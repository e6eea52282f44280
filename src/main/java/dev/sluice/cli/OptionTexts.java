package dev.sluice.cli;

import dev.sluice.train.Augmentation;
import dev.sluice.train.LearningRate;
import dev.sluice.train.OptimizerOptions;
import dev.sluice.train.Schedule;
import dev.sluice.train.UsagePenalty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Option values that are small languages: `from:to:linear`, `sgd:0.9`, `hinge:1:0.3`.
///
/// Everything throws [IllegalArgumentException] that repeats the text and says what is expected.
final class OptionTexts {
  private static final double SGD_MOMENTUM = 0.9;

  private OptionTexts() {}

  /// `1`, `2:0.5`, `2:0.5:linear`, `2:0.5:exponential:0.8`; the last part is the share of all steps
  /// at which the end is reached.
  static Schedule schedule(String text) {
    String[] parts = parts(text, 1, 4, "FROM[:TO[:linear|exponential[:UNTIL-SHARE]]]");
    double start = number(text, parts[0]);
    if (parts.length == 1) {
      return Schedule.constant(start);
    }
    double end = number(text, parts[1]);
    double untilShare = parts.length > 3 ? number(text, parts[3]) : 1;
    return switch (parts.length > 2 ? parts[2] : "linear") {
      case "linear" -> Schedule.linear(start, end, untilShare);
      case "exponential" -> Schedule.exponential(start, end, untilShare);
      default -> throw unknown("schedule shape", parts[2], List.of("linear", "exponential"));
    };
  }

  /// `0.5,1`
  static List<Double> numbers(String text) {
    List<Double> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      numbers.add(number(text, part));
    }
    return numbers;
  }

  static LearningRate learningRate(String shape, double peak) {
    return switch (shape) {
      case "one-cycle" -> LearningRate.oneCycle(peak);
      case "cosine" -> LearningRate.cosine(peak, 0);
      case "constant" -> LearningRate.constant(peak);
      default ->
          throw unknown(
              "learning rate schedule", shape, List.of("one-cycle", "cosine", "constant"));
    };
  }

  /// `adamw`, `sgd`, `sgd:0.9`, `nesterov`, `nesterov:0.95`.
  static OptimizerOptions optimizer(String text, double weightDecay) {
    String[] parts = parts(text, 1, 2, "adamw, sgd[:MOMENTUM] or nesterov[:MOMENTUM]");
    if (parts[0].equals("adamw") && parts.length == 1) {
      return OptimizerOptions.AdamW.withDecay(weightDecay);
    }
    double momentum = parts.length > 1 ? number(text, parts[1]) : SGD_MOMENTUM;
    return switch (parts[0]) {
      case "sgd" -> new OptimizerOptions.Sgd(momentum, false, weightDecay);
      case "nesterov" -> new OptimizerOptions.Sgd(momentum, true, weightDecay);
      default -> throw unknown("optimizer", text, List.of("adamw", "sgd", "nesterov"));
    };
  }

  /// `usage:0.01`, `hinge:1:0.3`, `hard-target:1:0.25`, `keep-floor:1:0.1`.
  static UsagePenalty penalty(String text) {
    String[] parts = parts(text, 2, 3, "KIND:WEIGHT[:TARGET]");
    for (UsagePenalty.Kind kind : UsagePenalty.Kind.values()) {
      if (name(kind).equals(parts[0])) {
        boolean needsTarget = kind != UsagePenalty.Kind.USAGE;
        if (needsTarget != (parts.length == 3)) {
          throw new IllegalArgumentException(
              (needsTarget ? "penalty needs a target: " : "penalty takes no target: ")
                  + "penalty="
                  + text);
        }
        double target = needsTarget ? number(text, parts[2]) : 0;
        return new UsagePenalty(kind, number(text, parts[1]), target);
      }
    }
    List<String> known =
        List.of(UsagePenalty.Kind.values()).stream().map(OptionTexts::name).toList();
    throw unknown("penalty", parts[0], known);
  }

  /// `shift=1`, `shift=4,flip,variants=16`, `noise=0.1`.
  static Augmentation augmentation(String text) {
    int shift = 0;
    boolean flip = false;
    double noise = 0;
    int variants = Augmentation.DEFAULT_VARIANTS;
    for (String part : text.split(",", -1)) {
      String[] entry = part.split("=", 2);
      String value = entry.length > 1 ? entry[1] : "";
      switch (entry[0]) {
        case "shift" -> shift = whole(text, value);
        case "flip" -> flip = isPlainFlip(text, entry);
        case "noise" -> noise = number(text, value);
        case "variants" -> variants = whole(text, value);
        default ->
            throw unknown(
                "augmentation", entry[0], List.of("shift=PIXELS", "flip", "noise=X", "variants=N"));
      }
    }
    if (shift == 0 && !flip && noise == 0) {
      throw new IllegalArgumentException(
          "nothing is varied: value=" + text + ", expected=shift, flip or noise");
    }
    return new Augmentation(shift, flip, noise, variants);
  }

  private static boolean isPlainFlip(String text, String[] entry) {
    if (entry.length > 1) {
      throw new IllegalArgumentException("flip takes no value: value=" + text);
    }
    return true;
  }

  private static String name(UsagePenalty.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// `0.02:5`
  static double[] pair(String text) {
    String[] parts = parts(text, 2, 2, "SHARE:WEIGHT");
    return new double[] {number(text, parts[0]), number(text, parts[1])};
  }

  /// The number after the colon of `name:number`, or `fallback` if there is no colon.
  static double parameter(String text, double fallback) {
    int colon = text.indexOf(':');
    return colon < 0 ? fallback : number(text, text.substring(colon + 1));
  }

  static IllegalArgumentException unknown(String what, String name, List<String> known) {
    return new IllegalArgumentException(
        "unknown " + what + ": name=" + name + ", known=" + String.join(", ", known));
  }

  private static String[] parts(String text, int least, int most, String expected) {
    String[] parts = text.split(":", -1);
    if (parts.length < least || parts.length > most) {
      throw new IllegalArgumentException(
          "wrong number of parts: value=" + text + ", expected=" + expected);
    }
    return parts;
  }

  private static int whole(String text, String part) {
    try {
      return Integer.parseInt(part);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a whole number: value=" + text + ", part=" + part, e);
    }
  }

  private static double number(String text, String part) {
    try {
      return Double.parseDouble(part);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: value=" + text + ", part=" + part, e);
    }
  }
}
