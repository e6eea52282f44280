package dev.sluice.runtime;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.model.OutputForm;
import java.lang.foreign.MemorySegment;

/// Turns the last layer's values into an answer, in place.
record OutputStage(OutputForm form, ElementwiseKernels elementwise, int outputs) {
  /// @param values (outputs) from `offsetBytes` on
  void apply(MemorySegment values, long offsetBytes) {
    switch (form) {
      case IDENTITY -> {}
      case SOFTMAX -> elementwise.softmaxInPlace(values, offsetBytes, outputs);
      case SIGMOID -> elementwise.sigmoid(values, offsetBytes, outputs, values);
    }
  }
}
