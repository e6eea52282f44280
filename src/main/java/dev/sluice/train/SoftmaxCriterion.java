package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Cross-entropy of exclusive classes, with target `t = (1 − ε)·onehot + ε/K`:
///
/// ```
/// L = log Σ e^z − Σ t_k z_k                          dz = softmax(z) − t
/// L = T²·Σ_k p_k (log p_k − log q_k)                 dz = T·(q − p)        p = softmax(teacher/T), q = softmax(z/T)
/// ```
final class SoftmaxCriterion implements Criterion {
  private final ElementwiseKernels elementwise;
  private final Targets targets;
  private final Matrix z;
  private final Matrix dz;
  private final double smoothing;
  private final Distillation distillation;
  private final @Nullable Matrix studentSoft;
  private final @Nullable Matrix teacherSoft;

  SoftmaxCriterion(
      Arena arena,
      ElementwiseKernels elementwise,
      Targets targets,
      Matrix z,
      Matrix dz,
      TrainingOptions options) {
    this.elementwise = elementwise;
    this.targets = targets;
    this.z = z;
    this.dz = dz;
    this.smoothing = options.labelSmoothing();
    this.distillation = options.distillation();
    boolean distills = targets.teacher() != null || options.stages().selfDistillation() > 0;
    this.studentSoft = distills ? Buffers.allocate(arena, z.rows(), z.columns()) : null;
    this.teacherSoft = distills ? Buffers.allocate(arena, z.rows(), z.columns()) : null;
  }

  @Override
  public double taskLoss(int row) {
    return softmaxInto(z, 1, row, dz) - (double) z.get(row, targets.label(row));
  }

  @Override
  public double trainingLoss(int row, double scale) {
    Matrix teacher = targets.teacher();
    if (teacher == null) {
      return smoothed(row, scale);
    }
    double weight = distillation.weight();
    double taskLoss = (1 - weight) * smoothed(row, scale * (1 - weight));
    return taskLoss + weight * addTeacherLoss(row, scale * weight, teacher);
  }

  private double smoothed(int row, double scale) {
    int classes = targets.outputs();
    int label = targets.label(row);
    double loss = softmaxInto(z, 1, row, dz) - (1 - smoothing) * z.get(row, label);
    elementwise.scale((float) scale, dz.data(), dz.rowOffsetBytes(row), classes, dz.data());
    if (smoothing > 0) {
      float uniform = (float) (scale * smoothing / classes);
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += z.get(row, k);
        dz.set(row, k, dz.get(row, k) - uniform);
      }
      loss -= smoothing / classes * sum;
    }
    dz.set(row, label, dz.get(row, label) - (float) (scale * (1 - smoothing)));
    return loss;
  }

  @Override
  public double addTeacherLoss(int row, double scale, Matrix teacher) {
    Matrix q = studentSoft;
    Matrix p = teacherSoft;
    if (q == null || p == null) {
      throw new IllegalStateException("criterion was bound without a teacher");
    }
    double temperature = distillation.temperature();
    double studentLog = softmaxInto(z, temperature, row, q);
    double teacherLog = softmaxInto(teacher, temperature, row, p);
    float slope = (float) (scale * temperature);
    double divergence = 0;
    for (int k = 0; k < targets.outputs(); k++) {
      double logP = teacher.get(row, k) / temperature - teacherLog;
      double logQ = z.get(row, k) / temperature - studentLog;
      divergence += p.get(row, k) * (logP - logQ);
      dz.set(row, k, Math.fma(slope, q.get(row, k) - p.get(row, k), dz.get(row, k)));
    }
    return temperature * temperature * divergence;
  }

  /// Softmax of a row of `logits / temperature`; returns the logarithm of the sum of exponentials.
  private double softmaxInto(Matrix logits, double temperature, int row, Matrix into) {
    long offsetBytes = into.rowOffsetBytes(row);
    int classes = targets.outputs();
    // another answer's rows may lie further apart than ours, if its last layer has other blocks
    MemorySegment.copy(
        logits.data(),
        logits.rowOffsetBytes(row),
        into.data(),
        offsetBytes,
        (long) classes * Float.BYTES);
    if (temperature != 1) {
      float inverse = (float) (1 / temperature);
      elementwise.scale(inverse, into.data(), offsetBytes, classes, into.data());
    }
    return elementwise.softmaxAndLogSumInPlace(into.data(), offsetBytes, classes);
  }

  @Override
  public boolean isRight(int row) {
    return largest(z, row, targets.outputs()) == targets.label(row);
  }

  /// Index of the largest value, the first of equals; −1 if there is a NaN.
  static int largest(Matrix values, int row, int count) {
    int best = 0;
    float bestValue = Float.NEGATIVE_INFINITY;
    for (int index = 0; index < count; index++) {
      float value = values.get(row, index);
      if (Float.isNaN(value)) {
        return -1;
      }
      if (value > bestValue) {
        best = index;
        bestValue = value;
      }
    }
    return best;
  }
}
