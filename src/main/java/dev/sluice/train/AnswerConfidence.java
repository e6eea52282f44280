package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.ExitSpec.Measure;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.Confidence;
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
    MemorySegment values = probabilities.data();
    MemorySegment.copy(answer.data(), from, values, into, (long) outputs * Float.BYTES);
    if (form == OutputForm.SOFTMAX) {
      elementwise.softmaxInPlace(values, into, outputs);
    } else {
      elementwise.sigmoid(values, into, outputs, values);
    }
    return Confidence.of(measure, form, values, into, outputs);
  }
}
