package dev.sluice.runtime;

import dev.sluice.memory.Matrix;

/// Brings the features that a stage reads of its rows together.
///
/// @param input (rows of the batch, features)
/// @param selected (rows of the stage, selected)
record BatchGatherStep(FeatureRuns runs, BatchRows stageRows, Matrix input, Matrix selected)
    implements BatchStep {
  @Override
  public void run(int rows) {
    for (int position = 0; position < rows; position++) {
      int from = input.rowOffsetBytes(stageRows.row(position));
      runs.copy(input.data(), from, selected.data(), selected.rowOffsetBytes(position));
    }
  }
}
