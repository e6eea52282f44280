package dev.sluice.train;

import dev.sluice.model.OutputForm;

/// What several models answer to one row together, as outputs before softmax or sigmoid. In doubles and in the logarithm, so that no
/// probability becomes 0; `StrictMath`, so that all platforms agree.
final class EnsembleAnswer {
  private final OutputForm form;
  private final double[][] outputs;
  private final double[] terms;
  private final double[] together;

  EnsembleAnswer(OutputForm form, int models, int outputs) {
    this.form = form;
    this.outputs = new double[models][outputs];
    this.terms = new double[models];
    this.together = new double[outputs];
  }

  /// @param value output of a model before softmax or sigmoid
  void set(int model, int output, float value) {
    outputs[model][output] = value;
  }

  /// One array for all calls. The outputs set are used up.
  double[] together() {
    if (form == OutputForm.SOFTMAX) {
      for (double[] logits : outputs) {
        double logSum = logSumExp(logits);
        for (int k = 0; k < logits.length; k++) {
          logits[k] -= logSum;
        }
      }
    }
    for (int k = 0; k < together.length; k++) {
      together[k] =
          switch (form) {
            case SOFTMAX -> logSumExp(terms(k)) - StrictMath.log(outputs.length);
            case SIGMOID -> logSumExp(logSigmoids(k, 1)) - logSumExp(logSigmoids(k, -1));
            case IDENTITY -> mean(terms(k));
          };
    }
    return together;
  }

  private double[] terms(int output) {
    for (int model = 0; model < terms.length; model++) {
      terms[model] = outputs[model][output];
    }
    return terms;
  }

  /// @param sign −1: of the probability that the output is 0
  private double[] logSigmoids(int output, int sign) {
    for (int model = 0; model < terms.length; model++) {
      terms[model] = logSigmoid(sign * outputs[model][output]);
    }
    return terms;
  }

  /// `ln σ(z)`
  private static double logSigmoid(double z) {
    return Math.min(z, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
  }

  private static double logSumExp(double[] values) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += StrictMath.exp(value - largest);
    }
    return largest + StrictMath.log(sum);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
