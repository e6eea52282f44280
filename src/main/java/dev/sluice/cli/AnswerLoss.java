package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.model.OutputForm;

/// How far an answer is from its row's label or targets: finer than right or wrong.
final class AnswerLoss {
  private AnswerLoss() {}

  /// Cross-entropy of softmax; of sigmoids, and squared error of regression, the mean over outputs.
  ///
  /// @param logits the last layer's values
  /// @param targets scratch for the row's targets
  static double of(OutputForm output, Dataset data, int row, float[] logits, float[] targets) {
    int label = data.classes() > 0 ? data.label(row) : -1;
    if (label >= 0 && logits.length > 1 && output != OutputForm.SIGMOID) {
      return logSumExp(logits) - logits[label];
    }
    if (label < 0) {
      data.copyTargets(row, targets);
    }
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      double target = label < 0 ? targets[k] : logits.length == 1 ? label : k == label ? 1 : 0;
      double error = logits[k] - target;
      sum += output == OutputForm.IDENTITY ? error * error : logistic(logits[k], target);
    }
    return sum / logits.length;
  }

  private static double logSumExp(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += StrictMath.exp(logit - largest);
    }
    return largest + StrictMath.log(sum);
  }

  /// `−t·log σ(z) − (1 − t)·log(1 − σ(z))`
  private static double logistic(double z, double target) {
    return Math.max(z, 0) - z * target + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
  }
}
