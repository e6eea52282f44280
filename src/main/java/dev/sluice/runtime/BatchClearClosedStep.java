package dev.sluice.runtime;

import dev.sluice.memory.Matrix;

/// Sets closed units to 0 in all rows: those inside executed blocks at unit granularity.
///
/// @param y (rows, units)
record BatchClearClosedStep(RowDecisions decisions, Matrix y) implements BatchStep {
  @Override
  public void run(int rows) {
    for (int row = 0; row < rows; row++) {
      ClearClosedStep.clear(decisions.decide(row).openUnits(), y.data(), y.rowOffsetBytes(row));
    }
  }
}
