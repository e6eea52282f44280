package dev.sluice.train;

/// A network's result over a set of rows.
///
/// @param loss mean task loss, without label smoothing and teacher
/// @param accuracy share of right answers: the largest output's class; with independent labels, all labels right. NaN for regression
/// @param relativeMacs mean over rows of the executed MACs, gates counted, over those of the dense network
/// @param gateRatioMean share of all gates that are open, mean over rows; 1 for a dense network
/// @param gateRatioStdDev its standard deviation over rows
public record Evaluation(
    int rows,
    double loss,
    double accuracy,
    double relativeMacs,
    double gateRatioMean,
    double gateRatioStdDev) {}
