package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;

/// Mixes what is open into the light path's values.
///
/// @param full (units) of the layer's own product, overwritten
/// @param y (units) of the light path
record MixStep(Admission admission, GateDecision decision, MemorySegment full, MemorySegment y)
    implements Step {
  @Override
  public void run() {
    admission.mix(decision, full, y, 0);
  }
}
