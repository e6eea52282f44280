package dev.sluice.train;

import dev.sluice.memory.Matrix;

/// Cross-entropy of K independent labels, a mean over them, with target `t = (1 − ε)·label + ε/2`:
///
/// ```
/// L = 1/K Σ log(1 + e^z) − t z                                          dz = (σ(z) − t) / K
/// L = T²/K Σ p log(p/q) + (1−p) log((1−p)/(1−q))                        dz = T·(q − p) / K      p = σ(teacher/T), q = σ(z/T)
/// ```
final class SigmoidCriterion implements Criterion {
  private final Targets targets;
  private final Matrix z;
  private final Matrix dz;
  private final double smoothing;
  private final Distillation distillation;

  SigmoidCriterion(Targets targets, Matrix z, Matrix dz, TrainingOptions options) {
    this.targets = targets;
    this.z = z;
    this.dz = dz;
    this.smoothing = options.labelSmoothing();
    this.distillation = options.distillation();
  }

  @Override
  public double taskLoss(int row) {
    double sum = 0;
    for (int k = 0; k < targets.outputs(); k++) {
      double logit = z.get(row, k);
      sum += softplus(logit) - targets.value(row, k) * logit;
    }
    return sum / targets.outputs();
  }

  @Override
  public double trainingLoss(int row, double scale) {
    Matrix teacher = targets.teacher();
    double weight = teacher == null ? 0 : distillation.weight();
    double perOutput = scale / targets.outputs();
    double sum = 0;
    for (int k = 0; k < targets.outputs(); k++) {
      double logit = z.get(row, k);
      double target = (1 - smoothing) * targets.value(row, k) + smoothing / 2;
      sum += (1 - weight) * (softplus(logit) - target * logit);
      double slope = (1 - weight) * (sigmoid(logit) - target);
      if (teacher != null) {
        double temperature = distillation.temperature();
        double soft = logit / temperature;
        double softTeacher = teacher.get(row, k) / temperature;
        sum += weight * temperature * temperature * divergence(softTeacher, soft);
        slope += weight * temperature * (sigmoid(soft) - sigmoid(softTeacher));
      }
      dz.set(row, k, (float) (perOutput * slope));
    }
    return sum / targets.outputs();
  }

  @Override
  public double addTeacherLoss(int row, double scale, Matrix teacher) {
    double temperature = distillation.temperature();
    double perOutput = scale / targets.outputs();
    double sum = 0;
    for (int k = 0; k < targets.outputs(); k++) {
      double soft = z.get(row, k) / temperature;
      double softTeacher = teacher.get(row, k) / temperature;
      sum += temperature * temperature * divergence(softTeacher, soft);
      double slope = temperature * (sigmoid(soft) - sigmoid(softTeacher));
      dz.set(row, k, (float) (dz.get(row, k) + perOutput * slope));
    }
    return sum / targets.outputs();
  }

  /// Kullback–Leibler divergence of the two Bernoulli distributions with these logits.
  private static double divergence(double teacher, double student) {
    double p = sigmoid(teacher);
    return p * (softplus(-student) - softplus(-teacher))
        + (1 - p) * (softplus(student) - softplus(teacher));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /// log(1 + e^x) without overflow.
  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  @Override
  public boolean isRight(int row) {
    int outputs = targets.outputs();
    if (targets.hasLabels() && outputs > 1) {
      return SoftmaxCriterion.largest(z, row, outputs) == targets.label(row);
    }
    for (int k = 0; k < outputs; k++) {
      if (z.get(row, k) > 0 != targets.value(row, k) > 0.5f) {
        return false;
      }
    }
    return true;
  }
}
