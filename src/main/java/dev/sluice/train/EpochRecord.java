package dev.sluice.train;

/// What an epoch brought. Training figures are means over its steps (with dropout, weights on the move); validation figures and
/// those of gates are of the network after the epoch on the validation rows, NaN without any.
///
/// @param epoch from 1
/// @param trainingLoss mean loss with label smoothing and teacher, gate penalties left out
/// @param trainingAccuracy share of right answers, NaN for regression
/// @param trainingRelativeMacs mean hard relative MACs of the training rows, gates counted; 1 for a dense network
/// @param relativeMacs the same on the validation rows
/// @param gateRatioMean share of gates open, mean over rows; 1 for a dense network
/// @param gateRatioStdDev its standard deviation over rows
/// @param rowsPerSecond trained, evaluation left out
/// @param learningRate of the last step
/// @param macWeight λ of the budget term at the last step, 0 without a budget
/// @param temperature T of the gates at the last step
/// @param threshold of the gates at the last step
/// @param takenBackPerRow open gates for which training batches had no room, mean over training rows and summed over layers
public record EpochRecord(
    int epoch,
    double trainingLoss,
    double trainingAccuracy,
    double trainingRelativeMacs,
    double validationLoss,
    double validationAccuracy,
    double relativeMacs,
    double gateRatioMean,
    double gateRatioStdDev,
    double rowsPerSecond,
    double learningRate,
    double macWeight,
    double temperature,
    double threshold,
    double takenBackPerRow) {}
