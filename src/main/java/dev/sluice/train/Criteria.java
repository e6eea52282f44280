package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.ExitSpec.Measure;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// How each answer of a network is judged, and how sure it is of itself.
final class Criteria {
  private final Arena arena;
  private final ElementwiseKernels elementwise;
  private final ModelSpec spec;
  private final Targets targets;
  private final TrainingOptions options;

  Criteria(
      Arena arena,
      ElementwiseKernels elementwise,
      ModelSpec spec,
      Targets targets,
      TrainingOptions options) {
    this.arena = arena;
    this.elementwise = elementwise;
    this.spec = spec;
    this.targets = targets;
    this.options = options;
  }

  /// One per answer.
  ///
  /// @param learns false where nothing has gradients: they go nowhere then
  List<Criterion> of(StageAnswers answers, boolean learns) {
    List<Criterion> criteria = new ArrayList<>();
    for (int answer = 0; answer < answers.count(); answer++) {
      Matrix z = answers.output(answer);
      criteria.add(criterion(z, learns ? answers.outputGrad(answer) : like(z)));
    }
    return criteria;
  }

  private Matrix like(Matrix z) {
    return Buffers.allocate(arena, z.rows(), z.columns());
  }

  private Criterion criterion(Matrix z, Matrix dz) {
    return switch (spec.output()) {
      case SOFTMAX -> new SoftmaxCriterion(arena, elementwise, targets, z, dz, options);
      case SIGMOID -> new SigmoidCriterion(targets, z, dz, options);
      case IDENTITY -> new RegressionCriterion(targets, z, dz, options);
    };
  }

  /// What training descends.
  Criterion together(StageAnswers answers, List<Criterion> criteria) {
    if (criteria.size() == 1) {
      return criteria.getFirst();
    }
    List<AnswerConfidence> confidences = new ArrayList<>();
    for (int answer = 0; answer < answers.count() - 1 && options.stages().focus() > 0; answer++) {
      confidences.add(confidence(Measure.MAX_PROBABILITY, answers.output(answer)));
    }
    return new StagedCriterion(criteria, confidences, answers.output(), options.stages());
  }

  /// Of the answers that rows may stop at.
  List<AnswerConfidence> confidences(StageAnswers answers) {
    List<AnswerConfidence> confidences = new ArrayList<>();
    for (int answer = 0; answer < answers.count() - 1; answer++) {
      if (spec.stages().get(answer).exit() instanceof ExitSpec.Confidence exit) {
        confidences.add(confidence(exit.measure(), answers.output(answer)));
      }
    }
    return confidences;
  }

  private AnswerConfidence confidence(Measure measure, Matrix answer) {
    return new AnswerConfidence(
        elementwise, spec.output(), measure, spec.outputs(), answer, like(answer));
  }
}
