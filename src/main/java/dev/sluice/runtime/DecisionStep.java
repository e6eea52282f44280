package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;

/// Turns the logits that a gate's products left into open blocks and units.
///
/// @param logits (gates)
record DecisionStep(GateDecision decision, MemorySegment logits) implements Step {
  @Override
  public void run() {
    decision.decide(logits, 0);
  }
}
