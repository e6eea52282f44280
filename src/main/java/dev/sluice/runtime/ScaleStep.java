package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;

/// Multiplies what is open by its gate's weight.
///
/// @param y (units)
record ScaleStep(Admission admission, GateDecision decision, MemorySegment y) implements Step {
  @Override
  public void run() {
    admission.scale(decision, y, 0);
  }
}
