package dev.sluice.train;

import java.util.ArrayList;
import java.util.List;

/// How far a training is: everything but tensors that a checkpoint has to hold. Random numbers need no state, see [CounterRandom].
final class Progress {
  /// Steps done since the start.
  long step;

  /// Sums over the rows of the epoch so far.
  double lossSum;

  long rightCount;
  long macs;
  long takenBack;
  long rows;

  /// Of the budget's controller.
  double budgetIntegral;

  /// Of the gates' estimators, see [Network#gateMemory].
  double[] gateMemory = {};

  /// λ of the last step.
  double macWeight;

  /// How often tiles were pruned or rewired.
  long rewirings;

  /// The epoch that the kept weights are of, 0 before the first has ended.
  int bestEpoch;

  /// Whether the kept weights met the budget, or there is none.
  boolean bestMeetsBudget;

  double bestAccuracy = Double.NaN;
  double bestLoss = Double.POSITIVE_INFINITY;
  double bestTemperature;
  double bestThreshold;
  int epochsWithoutImprovement;
  final List<EpochRecord> history = new ArrayList<>();

  void startEpoch() {
    lossSum = 0;
    rightCount = 0;
    macs = 0;
    takenBack = 0;
    rows = 0;
  }
}
