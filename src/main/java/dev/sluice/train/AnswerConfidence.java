package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.ExitSpec.Measure;
import dev.sluice.model.OutputForm;
import java.lang.foreign.MemorySegment;

/// How sure an answer is of itself, row by row; NaN if an output is. Rows may be asked for at the same time.
final class AnswerConfidence {
  private final ElementwiseKernels elementwise;
  private final OutputForm form;
  private final Measure measure;
  private final int outputs;
  private final Matrix answer;
  private final Matrix probabilities;

  /// @param answer outputs before softmax or sigmoid (rows, outputs)
  /// @param probabilities of the same shape, overwritten
  AnswerConfidence(
      ElementwiseKernels elementwise,
      OutputForm form,
      Measure measure,
      int outputs,
      Matrix answer,
      Matrix probabilities) {
    this.elementwise = elementwise;
    this.form = form;
    this.measure = measure;
    this.outputs = outputs;
    this.answer = answer;
    this.probabilities = probabilities;
  }

  float of(int row) {
    long from = answer.rowOffsetBytes(row);
    long into = probabilities.rowOffsetBytes(row);
    MemorySegment.copy(
        answer.data(), from, probabilities.data(), into, (long) outputs * Float.BYTES);
    if (form == OutputForm.SOFTMAX) {
      elementwise.softmaxInPlace(probabilities.data(), into, outputs);
      return ofClasses(row);
    }
    elementwise.sigmoid(probabilities.data(), into, outputs, probabilities.data());
    float least = 1;
    for (int output = 0; output < outputs; output++) {
      float p = probabilities.get(row, output);
      least = Math.min(least, ofLabel(p));
    }
    return least;
  }

  private float ofClasses(int row) {
    float first = Float.NEGATIVE_INFINITY;
    float second = Float.NEGATIVE_INFINITY;
    double entropy = 0;
    for (int output = 0; output < outputs; output++) {
      float p = probabilities.get(row, output);
      if (Float.isNaN(p)) {
        return Float.NaN;
      }
      second = Math.max(second, Math.min(first, p));
      first = Math.max(first, p);
      entropy -= p > 0 ? p * StrictMath.log(p) : 0;
    }
    return switch (measure) {
      case MAX_PROBABILITY -> first;
      case MARGIN -> first - Math.max(0, second);
      case ENTROPY -> (float) (1 - entropy / StrictMath.log(Math.max(2, outputs)));
    };
  }

  private float ofLabel(float p) {
    return switch (measure) {
      case MAX_PROBABILITY -> Math.max(p, 1 - p);
      case MARGIN -> Math.abs(2 * p - 1);
      case ENTROPY -> {
        double entropy = -(p > 0 ? p * StrictMath.log(p) : 0);
        entropy -= p < 1 ? (1 - p) * StrictMath.log1p(-p) : 0;
        yield (float) (1 - entropy / StrictMath.log(2));
      }
    };
  }
}
