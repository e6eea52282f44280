package dev.sluice.train;

import dev.sluice.memory.Matrix;
import java.util.List;

/// The loss of several answers to a row, one per stage: `Σ_k w_k f_k [(1 − s)·L_k + s·L(last answer)]` with `s = 0` for the last, and
/// `f_k = (1 − c_{k−1})^γ`, `c` the confidence of the answer before; neither the last answer nor `c` learns from it. See [StageOptions].
final class StagedCriterion implements Criterion {
  private final List<Criterion> criteria;
  private final List<AnswerConfidence> confidences;
  private final Matrix lastAnswer;
  private final StageOptions options;

  /// @param criteria of the answers, in the order of stages
  /// @param confidences of the answers, empty without focus
  StagedCriterion(
      List<Criterion> criteria,
      List<AnswerConfidence> confidences,
      Matrix lastAnswer,
      StageOptions options) {
    this.criteria = List.copyOf(criteria);
    this.confidences = List.copyOf(confidences);
    this.lastAnswer = lastAnswer;
    this.options = options;
  }

  /// Of the last answer.
  @Override
  public double taskLoss(int row) {
    return criteria.getLast().taskLoss(row);
  }

  @Override
  public double trainingLoss(int row, double scale) {
    double sum = 0;
    for (int stage = 0; stage < criteria.size(); stage++) {
      Criterion criterion = criteria.get(stage);
      double weight = options.weight(stage) * focus(stage, row);
      boolean isLast = stage == criteria.size() - 1;
      double within = isLast ? 0 : options.selfDistillation();
      double outside = weight * (1 - within);
      sum += outside * criterion.trainingLoss(row, scale * outside);
      if (within > 0) {
        double inside = weight * within;
        sum += inside * criterion.addTeacherLoss(row, scale * inside, lastAnswer);
      }
    }
    return sum;
  }

  private double focus(int stage, int row) {
    if (stage == 0 || options.focus() == 0) {
      return 1;
    }
    double unsure = 1 - (double) confidences.get(stage - 1).of(row);
    return StrictMath.pow(unsure, options.focus());
  }

  @Override
  public double addTeacherLoss(int row, double scale, Matrix other) {
    return criteria.getLast().addTeacherLoss(row, scale, other);
  }

  @Override
  public boolean isRight(int row) {
    return criteria.getLast().isRight(row);
  }
}
