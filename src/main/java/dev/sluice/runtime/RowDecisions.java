package dev.sluice.runtime;

/// What the gates of a layer decide for the rows of a stage.
interface RowDecisions {
  /// Valid until the next row is asked for.
  ///
  /// @param position of the row in its stage
  GateDecision decide(int position);
}
