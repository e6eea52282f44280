package dev.sluice.train;

import dev.sluice.memory.Matrix;

/// A [RegressionLoss], a mean over the outputs; a teacher's outputs are targets like those of the data.
final class RegressionCriterion implements Criterion {
  private final Targets targets;
  private final Matrix z;
  private final Matrix dz;
  private final RegressionLoss form;
  private final double teacherWeight;

  RegressionCriterion(Targets targets, Matrix z, Matrix dz, TrainingOptions options) {
    this.targets = targets;
    this.z = z;
    this.dz = dz;
    this.form = options.regressionLoss();
    this.teacherWeight = targets.teacher() == null ? 0 : options.distillation().weight();
  }

  @Override
  public double taskLoss(int row) {
    double sum = 0;
    for (int k = 0; k < targets.outputs(); k++) {
      sum += loss(z.get(row, k) - (double) targets.value(row, k));
    }
    return sum / targets.outputs();
  }

  @Override
  public double trainingLoss(int row, double scale) {
    Matrix teacher = targets.teacher();
    double perOutput = scale / targets.outputs();
    double sum = 0;
    for (int k = 0; k < targets.outputs(); k++) {
      double error = z.get(row, k) - (double) targets.value(row, k);
      double slope = (1 - teacherWeight) * slope(error);
      sum += (1 - teacherWeight) * loss(error);
      if (teacher != null) {
        double teacherError = z.get(row, k) - (double) teacher.get(row, k);
        slope += teacherWeight * slope(teacherError);
        sum += teacherWeight * loss(teacherError);
      }
      dz.set(row, k, (float) (perOutput * slope));
    }
    return sum / targets.outputs();
  }

  @Override
  public double addTeacherLoss(int row, double scale, Matrix teacher) {
    double perOutput = scale / targets.outputs();
    double sum = 0;
    for (int k = 0; k < targets.outputs(); k++) {
      double error = z.get(row, k) - (double) teacher.get(row, k);
      sum += loss(error);
      dz.set(row, k, (float) (dz.get(row, k) + perOutput * slope(error)));
    }
    return sum / targets.outputs();
  }

  private double loss(double error) {
    return switch (form) {
      case RegressionLoss.Squared() -> error * error;
      case RegressionLoss.Huber(double delta) -> {
        double size = Math.abs(error);
        yield size <= delta ? 0.5 * error * error : delta * (size - 0.5 * delta);
      }
    };
  }

  private double slope(double error) {
    return switch (form) {
      case RegressionLoss.Squared() -> 2 * error;
      case RegressionLoss.Huber(double delta) -> Math.clamp(error, -delta, delta);
    };
  }

  @Override
  public boolean isRight(int row) {
    return false;
  }
}
