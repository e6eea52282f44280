package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.model.ExitSpec;
import java.lang.foreign.MemorySegment;

/// Decides after a stage's head whether the row stops there.
sealed interface StageExit {
  /// For a stage that another one follows.
  boolean stops();

  /// The row stops, as no stage follows.
  void end();

  /// Leaves the answer in the blueprint's output form in `answer`, whether the row stops or not.
  ///
  /// @param values (outputs) of the head
  /// @param answer (outputs)
  final class OfConfidence implements StageExit {
    private final ExitSpec.Measure measure;
    private final OutputStage output;
    private final MemorySegment values;
    private final MemorySegment answer;
    private float threshold;

    OfConfidence(
        ExitSpec.Confidence spec, OutputStage output, MemorySegment values, MemorySegment answer) {
      this.measure = spec.measure();
      this.threshold = spec.threshold();
      this.output = output;
      this.values = values;
      this.answer = answer;
    }

    void setThreshold(float newThreshold) {
      threshold = newThreshold;
    }

    @Override
    public boolean stops() {
      int outputs = output.outputs();
      MemorySegment.copy(values, 0, answer, 0, (long) outputs * Float.BYTES);
      output.apply(answer, 0);
      return Confidence.of(measure, output.form(), answer, 0, outputs) >= threshold;
    }

    @Override
    public void end() {}
  }

  /// Blends what the stages answer in `answer`.
  ///
  /// @param haltingUnit leaves its logit in `logit`
  /// @param values (outputs) of the head
  /// @param answer (outputs)
  record OfHalting(
      Halting halting,
      boolean isFirst,
      Step haltingUnit,
      MemorySegment logit,
      MemorySegment values,
      MemorySegment answer)
      implements StageExit {
    @Override
    public boolean stops() {
      haltingUnit.run();
      return halting.take(0, isFirst, logit.get(FLOAT, 0), values, 0, answer, 0);
    }

    @Override
    public void end() {
      halting.end(0, isFirst, values, 0, answer, 0);
    }
  }
}
