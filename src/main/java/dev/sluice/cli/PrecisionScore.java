package dev.sluice.cli;

import dev.sluice.memory.WeightPrecision;

/// How a model did with weights of one precision, and how far that is from what it does in f32.
///
/// @param loss mean over rows, see [AnswerLoss]
/// @param f32 the score of the same model in f32
/// @param f32Loss its loss
/// @param answersDiffer share of rows whose class, or set of labels, is not that of f32; NaN for regression
/// @param gatesDiffer share of all gate decisions that are not those of f32; NaN without gates
record PrecisionScore(
    WeightPrecision precision,
    long weightBytes,
    ModelScore score,
    double loss,
    ModelScore f32,
    double f32Loss,
    double answersDiffer,
    double gatesDiffer) {
  /// NaN for regression.
  double accuracyChange() {
    return score.accuracy() - f32.accuracy();
  }

  double lossChange() {
    return loss - f32Loss;
  }
}
