package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.model.ExitSpec.Measure;
import dev.sluice.model.OutputForm;
import java.lang.foreign.MemorySegment;

/// How sure an answer is, by its probabilities: see [Measure]. Inference and training measure by this one class; the same bits everywhere.
///
/// Of several labels the least certain one counts, with its opposite as second class. A single class is certain. A NaN among the probabilities
/// gives NaN, which reaches no threshold.
public final class Confidence {
  private Confidence() {}

  /// @param probabilities (count) from `offsetBytes` on
  /// @throws IllegalArgumentException if outputs of `form` are no probabilities
  public static float of(
      Measure measure, OutputForm form, MemorySegment probabilities, long offsetBytes, int count) {
    return switch (form) {
      case SOFTMAX -> ofClasses(measure, probabilities, offsetBytes, count);
      case SIGMOID -> ofLabels(measure, probabilities, offsetBytes, count);
      case IDENTITY ->
          throw new IllegalArgumentException("confidence needs probabilities: output=identity");
    };
  }

  private static float ofClasses(Measure measure, MemorySegment values, long offset, int count) {
    if (measure == Measure.ENTROPY) {
      return ofEntropy(values, offset, count);
    }
    float first = 0;
    float second = 0;
    for (int index = 0; index < count; index++) {
      float probability = probability(values, offset, index);
      if (Float.isNaN(probability)) {
        return Float.NaN;
      }
      if (probability > first) {
        second = first;
        first = probability;
      } else if (probability > second) {
        second = probability;
      }
    }
    return measure == Measure.MARGIN ? first - second : first;
  }

  private static float ofEntropy(MemorySegment values, long offset, int count) {
    double entropy = 0;
    for (int index = 0; index < count; index++) {
      entropy += surprise(probability(values, offset, index));
    }
    return count == 1 ? 1 - (float) entropy : (float) (1 - entropy / StrictMath.log(count));
  }

  private static float ofLabels(Measure measure, MemorySegment values, long offset, int count) {
    float least = 1;
    for (int index = 0; index < count; index++) {
      float probability = probability(values, offset, index);
      float opposite = 1 - probability;
      float confidence =
          switch (measure) {
            case MAX_PROBABILITY -> Math.max(probability, opposite);
            case MARGIN -> Math.abs(probability - opposite);
            case ENTROPY ->
                (float) (1 - (surprise(probability) + surprise(opposite)) / StrictMath.log(2));
          };
      least = Math.min(least, confidence);
    }
    return least;
  }

  private static double surprise(float probability) {
    return probability == 0 ? 0 : -probability * StrictMath.log(probability);
  }

  private static float probability(MemorySegment values, long offsetBytes, int index) {
    return values.get(FLOAT, offsetBytes + (long) index * Float.BYTES);
  }
}
