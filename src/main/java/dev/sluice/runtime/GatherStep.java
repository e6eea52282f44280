package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;

/// Brings the features that a stage reads together.
///
/// @param input (features)
/// @param selected (selected)
record GatherStep(FeatureRuns runs, MemorySegment input, MemorySegment selected) implements Step {
  @Override
  public void run() {
    runs.copy(input, 0, selected, 0);
  }
}
