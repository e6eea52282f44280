package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.Matrix;

/// Sets closed units to 0 in all rows: those inside executed blocks at unit granularity.
///
/// @param openUnits says what a row opens
/// @param y (rows, units)
record BatchClearClosedStep(OpenUnits openUnits, Matrix y) implements BatchStep {
  /// Which units a row opens; the set is valid until the next row is asked for.
  interface OpenUnits {
    ActiveSet of(int row);
  }

  @Override
  public void run(int rows) {
    for (int row = 0; row < rows; row++) {
      ClearClosedStep.clear(openUnits.of(row), y.data(), y.rowOffsetBytes(row));
    }
  }
}
