package dev.sluice.runtime;

import dev.sluice.memory.Matrix;

/// Multiplies what each row opens by its gates' weights.
///
/// @param y (rows, units)
record BatchScaleStep(Admission admission, RowDecisions decisions, Matrix y) implements BatchStep {
  @Override
  public void run(int rows) {
    for (int position = 0; position < rows; position++) {
      admission.scale(decisions.decide(position), y.data(), y.rowOffsetBytes(position));
    }
  }
}
