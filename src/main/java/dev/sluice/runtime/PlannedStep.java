package dev.sluice.runtime;

/// One step of every prediction that gets that far, by what it is for.
///
/// @param layer that it belongs to: that of the head for exits and output, a stage's first for its features
public record PlannedStep(int layer, StepKind kind) {}
