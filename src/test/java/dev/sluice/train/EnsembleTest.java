package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What models answer together, against cases worked out by hand.
class EnsembleTest {
  private static final Dataset ROWS = TestData.clouds(3, 4, 2, 1);

  private final List<Model> models = new ArrayList<>();

  @AfterEach
  void close() {
    models.forEach(Model::close);
  }

  private Model kept(Model model) {
    models.add(model);
    return model;
  }

  /// A network that answers every row with the same values.
  private Model constant(OutputForm form, double... outputs) {
    ModelSpec spec = ModelSpec.dense(List.of(4, outputs.length), 8, Activation.RELU, form);
    Arena arena = Arena.ofShared();
    Weights weights = Weights.allocate(arena, spec);
    for (int k = 0; k < outputs.length; k++) {
      weights
          .layers()
          .getFirst()
          .projection()
          .bias()
          .set(AlignedMemory.FLOAT, 4L * k, (float) outputs[k]);
    }
    return kept(new Model(spec, weights, Map.of(), arena));
  }

  private static float[] answerOf(Model... together) {
    try (Arena arena = Arena.ofConfined();
        TeacherAnswers answers =
            Teacher.of(List.of(together)).answer(ROWS, Augmentation.none(), 1)) {
      Matrix matrix = Buffers.allocate(arena, 1, answers.outputs());
      answers.copy(2, 0, matrix, 0);
      float[] values = new float[answers.outputs()];
      for (int k = 0; k < values.length; k++) {
        values[k] = matrix.get(0, k);
      }
      return values;
    }
  }

  private static double logit(double probability) {
    return Math.log(probability / (1 - probability));
  }

  /// Probabilities (0.2, 0.8) and (0.6, 0.4) make (0.4, 0.6); the first model's logits have an offset that softmax does not see.
  @Test
  void ofSoftmaxAnEnsembleAnswersWithTheLogarithmOfTheMeanProbability() {
    float[] answer =
        answerOf(
            constant(OutputForm.SOFTMAX, Math.log(0.2) + 5, Math.log(0.8) + 5),
            constant(OutputForm.SOFTMAX, Math.log(0.6), Math.log(0.4)));
    assertThat(answer[0]).isCloseTo((float) Math.log(0.4), Offset.offset(1e-6f));
    assertThat(answer[1]).isCloseTo((float) Math.log(0.6), Offset.offset(1e-6f));
  }

  @Test
  void ofSigmoidWithTheLogitOfTheMeanProbability() {
    float[] answer =
        answerOf(
            constant(OutputForm.SIGMOID, logit(0.2), logit(0.9)),
            constant(OutputForm.SIGMOID, logit(0.6), logit(0.7)),
            constant(OutputForm.SIGMOID, logit(0.1), logit(0.95)));
    assertThat(answer[0]).isCloseTo((float) logit(0.3), Offset.offset(1e-6f));
    assertThat(answer[1]).isCloseTo((float) logit(0.85), Offset.offset(1e-6f));
  }

  @Test
  void ofIdentityWithTheMean() {
    float[] answer =
        answerOf(
            constant(OutputForm.IDENTITY, 1, -3),
            constant(OutputForm.IDENTITY, 2, 5),
            constant(OutputForm.IDENTITY, 6, 1));
    assertThat(answer).containsExactly(3f, 1f);
  }

  /// As f32 the probability of the second class is 0, and 1 − p of the sigmoid as well.
  @Test
  void probabilitiesTooSmallForAFloatStayFinite() {
    float[] softmax =
        answerOf(constant(OutputForm.SOFTMAX, 0, -300), constant(OutputForm.SOFTMAX, 0, -300));
    assertThat(softmax[1]).isCloseTo(-300f, Offset.offset(1e-3f));
    float[] sigmoid =
        answerOf(constant(OutputForm.SIGMOID, 200), constant(OutputForm.SIGMOID, 200));
    assertThat(sigmoid[0]).isCloseTo(200f, Offset.offset(1e-3f));
  }

  @Test
  void oneModelAnswersWithItsOwnOutputs() {
    assertThat(answerOf(constant(OutputForm.SOFTMAX, 4.25, -1.5))).containsExactly(4.25f, -1.5f);
  }

  @Test
  void modelsThatCannotTeachTogetherAreRefused() {
    Model two = constant(OutputForm.SOFTMAX, 1, 2);
    Model three = constant(OutputForm.SOFTMAX, 1, 2, 3);
    assertThatThrownBy(() -> Teacher.of(List.of(two, three)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "models of a teacher differ: expected=4 inputs to 2 of softmax, actual=4 inputs to 3 of"
                + " softmax");
    assertThatThrownBy(() -> Teacher.of(List.of())).hasMessageContaining("models=0");
    Teacher teacher = Teacher.of(List.of(two));
    Dataset wider = TestData.clouds(3, 36, 2, 1);
    assertThatThrownBy(() -> teacher.answer(wider, Augmentation.none(), 1))
        .hasMessageContaining("features differ from teacher inputs")
        .hasMessageContaining("expected=4, actual=36");
    Teacher narrow = Teacher.of(List.of(kept(two.withPrecision(WeightPrecision.BF16))));
    assertThatThrownBy(() -> narrow.answer(ROWS, Augmentation.none(), 1))
        .hasMessageContaining("training takes f32 weights only: precision=bf16");
  }
}
