package dev.sluice.runtime;

import dev.sluice.memory.Matrix;
import dev.sluice.model.ExitSpec;
import java.lang.foreign.MemorySegment;

/// Decides after a stage's head which rows stop there.
sealed interface BatchExit {
  /// Readies what is decided by, for all rows of the stage.
  void prepare(int rows);

  /// Whether a row stops at a stage that another one follows.
  ///
  /// @param position of the row in the stage
  boolean stops(int position, int row);

  /// The row stops, as no stage follows.
  void end(int position, int row);

  /// Leaves the row's answer in the blueprint's output form in `answers`, whether it stops or not.
  ///
  /// @param values (rows of the stage, outputs) of the head
  /// @param answers (rows of the batch, outputs)
  final class OfConfidence implements BatchExit {
    private final ExitSpec.Measure measure;
    private final OutputStage output;
    private final Matrix values;
    private final Matrix answers;
    private float threshold;

    OfConfidence(ExitSpec.Confidence spec, OutputStage output, Matrix values, Matrix answers) {
      this.measure = spec.measure();
      this.threshold = spec.threshold();
      this.output = output;
      this.values = values;
      this.answers = answers;
    }

    void setThreshold(float newThreshold) {
      threshold = newThreshold;
    }

    @Override
    public void prepare(int rows) {}

    @Override
    public boolean stops(int position, int row) {
      int outputs = output.outputs();
      int at = answers.rowOffsetBytes(row);
      MemorySegment.copy(
          values.data(),
          values.rowOffsetBytes(position),
          answers.data(),
          at,
          (long) outputs * Float.BYTES);
      output.apply(answers.data(), at);
      return Confidence.of(measure, output.form(), answers.data(), at, outputs) >= threshold;
    }

    @Override
    public void end(int position, int row) {}
  }

  /// Blends what the stages answer in `answers`.
  ///
  /// @param haltingUnit leaves its logits in `logits`
  /// @param logits (rows of the stage, 1)
  /// @param values (rows of the stage, outputs) of the head
  /// @param answers (rows of the batch, outputs)
  record OfHalting(
      Halting halting,
      boolean isFirst,
      BatchStep haltingUnit,
      Matrix logits,
      Matrix values,
      Matrix answers)
      implements BatchExit {
    @Override
    public void prepare(int rows) {
      haltingUnit.run(rows);
    }

    @Override
    public boolean stops(int position, int row) {
      return halting.take(
          row,
          isFirst,
          logits.get(position, 0),
          values.data(),
          values.rowOffsetBytes(position),
          answers.data(),
          answers.rowOffsetBytes(row));
    }

    @Override
    public void end(int position, int row) {
      halting.end(
          row,
          isFirst,
          values.data(),
          values.rowOffsetBytes(position),
          answers.data(),
          answers.rowOffsetBytes(row));
    }
  }
}
