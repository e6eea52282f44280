package dev.sluice.train;

import dev.sluice.format.FormatException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A [Progress] as metadata of a checkpoint. Doubles are written in hexadecimal, so that they come back with identical bits.
final class ProgressText {
  private static final String PREFIX = "progress.";
  private static final String EPOCH_PREFIX = "history.";
  private static final int EPOCH_VALUES = 14;

  private ProgressText() {}

  static Map<String, String> format(Progress progress) {
    Map<String, String> text = new HashMap<>();
    put(text, "step", progress.step);
    put(text, "lossSum", progress.lossSum);
    put(text, "rightCount", progress.rightCount);
    put(text, "macs", progress.macs);
    put(text, "takenBack", progress.takenBack);
    put(text, "rows", progress.rows);
    put(text, "budgetIntegral", progress.budgetIntegral);
    text.put(PREFIX + "gateMemory", format(progress.gateMemory));
    put(text, "macWeight", progress.macWeight);
    put(text, "rewirings", progress.rewirings);
    put(text, "bestEpoch", progress.bestEpoch);
    put(text, "bestMeetsBudget", progress.bestMeetsBudget ? 1 : 0);
    put(text, "bestAccuracy", progress.bestAccuracy);
    put(text, "bestLoss", progress.bestLoss);
    put(text, "bestTemperature", progress.bestTemperature);
    put(text, "bestThreshold", progress.bestThreshold);
    put(text, "epochsWithoutImprovement", progress.epochsWithoutImprovement);
    put(text, "epochs", progress.history.size());
    for (int index = 0; index < progress.history.size(); index++) {
      text.put(EPOCH_PREFIX + index, format(progress.history.get(index)));
    }
    return text;
  }

  private static void put(Map<String, String> text, String name, long value) {
    text.put(PREFIX + name, Long.toString(value));
  }

  private static void put(Map<String, String> text, String name, double value) {
    text.put(PREFIX + name, Double.toHexString(value));
  }

  private static String format(EpochRecord record) {
    double[] values = {
      record.trainingLoss(),
      record.trainingAccuracy(),
      record.trainingRelativeMacs(),
      record.validationLoss(),
      record.validationAccuracy(),
      record.relativeMacs(),
      record.gateRatioMean(),
      record.gateRatioStdDev(),
      record.rowsPerSecond(),
      record.learningRate(),
      record.macWeight(),
      record.temperature(),
      record.threshold(),
      record.takenBackPerRow()
    };
    return format(values);
  }

  private static String format(double[] values) {
    StringBuilder text = new StringBuilder();
    for (double value : values) {
      text.append(text.isEmpty() ? "" : ",").append(Double.toHexString(value));
    }
    return text.toString();
  }

  /// The inverse of [#format].
  ///
  /// @throws FormatException if a value is missing or no number
  static Progress parse(Map<String, String> text) {
    Progress progress = new Progress();
    progress.step = whole(text, "step");
    progress.lossSum = real(text, "lossSum");
    progress.rightCount = whole(text, "rightCount");
    progress.macs = whole(text, "macs");
    progress.takenBack = whole(text, "takenBack");
    progress.rows = whole(text, "rows");
    progress.budgetIntegral = real(text, "budgetIntegral");
    progress.gateMemory = reals(PREFIX + "gateMemory", entry(text, PREFIX + "gateMemory"));
    progress.macWeight = real(text, "macWeight");
    progress.rewirings = whole(text, "rewirings");
    progress.bestEpoch = (int) whole(text, "bestEpoch");
    progress.bestMeetsBudget = whole(text, "bestMeetsBudget") == 1;
    progress.bestAccuracy = real(text, "bestAccuracy");
    progress.bestLoss = real(text, "bestLoss");
    progress.bestTemperature = real(text, "bestTemperature");
    progress.bestThreshold = real(text, "bestThreshold");
    progress.epochsWithoutImprovement = (int) whole(text, "epochsWithoutImprovement");
    long epochs = whole(text, "epochs");
    for (int index = 0; index < epochs; index++) {
      progress.history.add(epoch(index + 1, entry(text, EPOCH_PREFIX + index)));
    }
    return progress;
  }

  private static String entry(Map<String, String> text, String name) {
    String value = text.get(name);
    if (value == null) {
      throw new FormatException("checkpoint lacks an entry: name=" + name);
    }
    return value;
  }

  private static long whole(Map<String, String> text, String name) {
    String value = entry(text, PREFIX + name);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw notANumber(name, value, e);
    }
  }

  private static double real(Map<String, String> text, String name) {
    return real(name, entry(text, PREFIX + name));
  }

  private static double real(String name, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw notANumber(name, value, e);
    }
  }

  private static FormatException notANumber(String name, String value, Exception cause) {
    return new FormatException(
        "checkpoint entry is not a number: name=" + name + ", value=" + value, cause);
  }

  private static EpochRecord epoch(int number, String text) {
    double[] v = reals(EPOCH_PREFIX + number, text);
    if (v.length != EPOCH_VALUES) {
      throw new FormatException(
          "checkpoint has a damaged record: epoch=" + number + ", values=" + v.length);
    }
    return new EpochRecord(
        number, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12],
        v[13]);
  }

  /// Empty for an empty text.
  private static double[] reals(String name, String text) {
    return text.isEmpty()
        ? new double[0]
        : Arrays.stream(text.split(",", -1)).mapToDouble(part -> real(name, part)).toArray();
  }
}
