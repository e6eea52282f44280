package dev.sluice.runtime;

import dev.sluice.model.ExitSpec;
import dev.sluice.model.OutputForm;
import java.util.Arrays;

/// How sure an answer is of itself, as stages measure it.
final class ReferenceConfidence {
  private ReferenceConfidence() {}

  /// In double and by sorting.
  static double of(ExitSpec.Measure measure, float[] probabilities, OutputForm output) {
    if (output == OutputForm.SOFTMAX) {
      return ofClasses(measure, probabilities);
    }
    double least = 1;
    for (float probability : probabilities) {
      float[] pair = {probability, 1 - probability};
      least = Math.min(least, ofClasses(measure, pair));
    }
    return least;
  }

  private static double ofClasses(ExitSpec.Measure measure, float[] probabilities) {
    double[] sorted = new double[Math.max(2, probabilities.length)];
    double entropy = 0;
    for (int index = 0; index < probabilities.length; index++) {
      sorted[index] = probabilities[index];
      entropy -= sorted[index] == 0 ? 0 : sorted[index] * Math.log(sorted[index]);
    }
    Arrays.sort(sorted);
    double largest = sorted[sorted.length - 1];
    return switch (measure) {
      case MAX_PROBABILITY -> largest;
      case MARGIN -> largest - sorted[sorted.length - 2];
      case ENTROPY -> probabilities.length == 1 ? 1 : 1 - entropy / Math.log(probabilities.length);
    };
  }
}
