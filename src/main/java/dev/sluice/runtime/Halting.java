package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;

/// Adaptive computation time over the stages of rows: see [dev.sluice.model.ExitSpec.Halting]. In f32, in this order:
///
/// ```
/// h = σ(z)      stops ⇔ sum + h ≥ 1 − ε      p = stops ? 1 − sum : h
/// answer = p·y  after the first stage, then  answer = fma(p, y, answer)      sum = sum + h
/// ```
final class Halting {
  private final float limit;
  private final int outputs;
  private final float[] sums;

  Halting(float epsilon, int outputs, int rows) {
    this.limit = 1 - epsilon;
    this.outputs = outputs;
    this.sums = new float[rows];
  }

  /// Takes in what a stage that is not the last has found for a row.
  ///
  /// @param logit of the halting unit
  /// @param y (outputs) from `offsetBytes` on
  /// @param answer (outputs) from `answerOffsetBytes` on
  /// @return whether the row stops
  boolean take(
      int row,
      boolean isFirst,
      float logit,
      MemorySegment y,
      long offsetBytes,
      MemorySegment answer,
      long answerOffsetBytes) {
    float sum = isFirst ? 0 : sums[row];
    float share = ScalarMath.sigmoid(logit);
    boolean stops = sum + share >= limit;
    blend(stops ? 1 - sum : share, isFirst, y, offsetBytes, answer, answerOffsetBytes);
    sums[row] = sum + share;
    return stops;
  }

  /// The row stops as there is no further stage.
  void end(
      int row,
      boolean isFirst,
      MemorySegment y,
      long offsetBytes,
      MemorySegment answer,
      long answerOffsetBytes) {
    float rest = isFirst ? 1 : 1 - sums[row];
    blend(rest, isFirst, y, offsetBytes, answer, answerOffsetBytes);
  }

  private void blend(
      float share,
      boolean isFirst,
      MemorySegment y,
      long offsetBytes,
      MemorySegment answer,
      long answerOffsetBytes) {
    for (int index = 0; index < outputs; index++) {
      long step = (long) index * Float.BYTES;
      float value = y.get(FLOAT, offsetBytes + step);
      float blended =
          isFirst
              ? share * value
              : Math.fma(share, value, answer.get(FLOAT, answerOffsetBytes + step));
      answer.set(FLOAT, answerOffsetBytes + step, blended);
    }
  }
}
