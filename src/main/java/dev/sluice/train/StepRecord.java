package dev.sluice.train;

/// Where training stands after a step; means are over the epoch so far.
///
/// @param epoch from 1
/// @param step steps done since the start of training
/// @param totalSteps of all epochs
/// @param stepInEpoch steps done in this epoch
/// @param loss mean loss, with label smoothing and teacher, of the rows of this epoch
/// @param accuracy share of right answers, NaN for regression
/// @param relativeMacs mean hard relative MACs, gates counted; 1 for a dense network
/// @param takenBackPerRow open gates for which batches had no room (capacity of [dev.sluice.gate.SwitchRule]), mean over rows
/// @param rowsPerSecond of this epoch
public record StepRecord(
    int epoch,
    int epochs,
    long step,
    long totalSteps,
    int stepInEpoch,
    int stepsPerEpoch,
    double loss,
    double accuracy,
    double relativeMacs,
    double learningRate,
    double takenBackPerRow,
    double rowsPerSecond) {}
