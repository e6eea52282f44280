package dev.sluice.cli;

import dev.sluice.data.Dataset;

/// What scores mean: which class, and whether it is right.
final class Answers {
  private Answers() {}

  /// Index of the largest value, the lower one of equals; -1 if one is NaN. A single value is the
  /// logit or centred score of class 1.
  static int classOf(float[] values, float singleBoundary) {
    if (values.length == 1) {
      return Float.isNaN(values[0]) ? -1 : values[0] > singleBoundary ? 1 : 0;
    }
    int best = 0;
    for (int k = 0; k < values.length; k++) {
      if (Float.isNaN(values[k])) {
        return -1;
      }
      best = values[k] > values[best] ? k : best;
    }
    return best;
  }

  /// Whether the logits of `row` give the right class, or all labels right where they are
  /// independent.
  static boolean isRight(Dataset data, int row, float[] logits, float[] targets) {
    if (data.classes() > 0) {
      return classOf(logits, 0) == data.label(row);
    }
    data.copyTargets(row, targets);
    for (int k = 0; k < logits.length; k++) {
      if (Float.isNaN(logits[k]) || logits[k] > 0 != targets[k] > 0.5f) {
        return false;
      }
    }
    return true;
  }
}
