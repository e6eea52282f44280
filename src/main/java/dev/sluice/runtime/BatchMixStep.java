package dev.sluice.runtime;

import dev.sluice.memory.Matrix;

/// Mixes what each row opens into the light path's values.
///
/// @param full (rows, units) of the layer's own product, overwritten; of the shape of `y`
/// @param y (rows, units) of the light path
record BatchMixStep(Admission admission, RowDecisions decisions, Matrix full, Matrix y)
    implements BatchStep {
  @Override
  public void run(int rows) {
    for (int position = 0; position < rows; position++) {
      GateDecision decision = decisions.decide(position);
      admission.mix(decision, full.data(), y.data(), y.rowOffsetBytes(position));
    }
  }
}
