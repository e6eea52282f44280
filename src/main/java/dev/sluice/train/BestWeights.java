package dev.sluice.train;

import dev.sluice.model.Weights;
import java.util.OptionalDouble;

/// Keeps the weights of the epoch that did best on the validation rows: by accuracy, equal ones by loss; regression by loss.
///
/// With exits, accuracy is that of the thresholds which meet the budget on those rows.
///
/// With a budget of gates, an epoch that meets it beats all that do not. Of those that do not, and without validation rows, the last is kept.
final class BestWeights {
  /// How far from the budget an epoch may be to count as one that meets it; calibration does the rest.
  private static final double BUDGET_TOLERANCE = 0.02;

  private final Weights weights;
  private final Weights best;
  private final boolean hasValidation;
  private final OptionalDouble budget;

  BestWeights(Weights weights, Weights best, boolean hasValidation, OptionalDouble budget) {
    this.weights = weights;
    this.best = best;
    this.hasValidation = hasValidation;
    this.budget = budget;
  }

  /// @param gateRelativeMacs on the validation rows, what the gates' budget is about
  /// @param target relative MACs that the budget's controller aims at by now
  /// @param isSettled false while the network is not yet pruned: an epoch that does not count either
  void offer(
      EpochRecord record,
      double gateRelativeMacs,
      double target,
      boolean isSettled,
      Progress progress) {
    boolean meetsBudget = isSettled && meetsBudget(gateRelativeMacs, target);
    boolean keeps =
        meetsBudget
            ? !progress.bestMeetsBudget || isBetter(record, progress)
            : !progress.bestMeetsBudget;
    progress.epochsWithoutImprovement =
        keeps || !meetsBudget ? 0 : progress.epochsWithoutImprovement + 1;
    if (keeps) {
      best.copyFrom(weights);
      progress.bestEpoch = record.epoch();
      progress.bestMeetsBudget = meetsBudget;
      progress.bestAccuracy = record.validationAccuracy();
      progress.bestLoss = record.validationLoss();
      progress.bestTemperature = record.temperature();
      progress.bestThreshold = record.threshold();
    }
  }

  private boolean meetsBudget(double relativeMacs, double target) {
    if (budget.isEmpty() || !hasValidation) {
      return true;
    }
    return target == budget.getAsDouble() && Math.abs(relativeMacs - target) <= BUDGET_TOLERANCE;
  }

  private boolean isBetter(EpochRecord record, Progress progress) {
    if (!hasValidation) {
      return true;
    }
    int byAccuracy = Double.compare(record.validationAccuracy(), progress.bestAccuracy);
    return byAccuracy > 0 || (byAccuracy == 0 && record.validationLoss() < progress.bestLoss);
  }
}
