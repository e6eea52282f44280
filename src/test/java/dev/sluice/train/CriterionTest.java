package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.data.FloatDataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.memory.Matrix;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.lang.foreign.Arena;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Losses of one row against values worked out by hand, and their gradients against differences.
class CriterionTest {
  private static final Offset<Double> CLOSE = Offset.offset(2e-6);

  private final Arena arena = Arena.ofConfined();
  private final Matrix z = Buffers.allocate(arena, 1, 3);
  private final Matrix dz = Buffers.allocate(arena, 1, 3);
  private final Matrix teacher = Buffers.allocate(arena, 1, 3);

  @AfterEach
  void free() {
    arena.close();
  }

  private Criterion softmax(TrainingOptions options, boolean taught) {
    put(z, 1, 2, 3);
    Targets targets = targets(OutputForm.SOFTMAX, 3, taught);
    targets.load(FloatDataset.classification("row", new float[] {0}, 1, new int[] {2}, 3), 0, 0);
    return new SoftmaxCriterion(
        arena, KernelProvider.kernels().elementwise(), targets, z, dz, options);
  }

  private Targets targets(OutputForm form, int outputs, boolean taught) {
    ModelSpec spec =
        ModelSpec.dense(List.of(1, outputs), 8, dev.sluice.kernel.Activation.RELU, form);
    return new Targets(spec, 1, taught ? teacher : null);
  }

  private static Dataset targetRow(float... values) {
    return FloatDataset.regression("row", new float[] {0}, 1, values, values.length);
  }

  private static void put(Matrix matrix, float... values) {
    for (int k = 0; k < values.length; k++) {
      matrix.set(0, k, values[k]);
    }
  }

  private void gradientIsTheLosssDerivative(Criterion criterion, int outputs) {
    criterion.trainingLoss(0, 0.5);
    for (int k = 0; k < outputs; k++) {
      double actual = dz.get(0, k);
      float value = z.get(0, k);
      z.set(0, k, value + 0x1p-9f);
      double up = criterion.trainingLoss(0, 0.5);
      z.set(0, k, value - 0x1p-9f);
      double down = criterion.trainingLoss(0, 0.5);
      z.set(0, k, value);
      criterion.trainingLoss(0, 0.5);
      assertThat(actual).isCloseTo(0.5 * (up - down) * 0x1p8, Offset.offset(2e-4));
    }
  }

  /// log(e + e² + e³) − 3
  @Test
  void crossEntropy() {
    Criterion criterion = softmax(TrainingOptions.defaults(), false);
    assertThat(criterion.taskLoss(0)).isCloseTo(0.40760596, CLOSE);
    assertThat(criterion.trainingLoss(0, 1)).isCloseTo(0.40760596, CLOSE);
    assertThat(dz.get(0, 0)).isCloseTo(0.09003057f, Offset.offset(1e-6f));
    assertThat(dz.get(0, 2)).isCloseTo(0.66524096f - 1, Offset.offset(1e-6f));
    assertThat(criterion.isRight(0)).isTrue();
    gradientIsTheLosssDerivative(criterion, 3);
  }

  /// ε = 0.3: 3.40760596 − 0.7·3 − 0.1·(1 + 2 + 3)
  @Test
  void labelSmoothingSpreadsTheTarget() {
    Criterion criterion = softmax(TrainingOptions.builder().labelSmoothing(0.3).build(), false);
    assertThat(criterion.trainingLoss(0, 1)).isCloseTo(0.70760596, CLOSE);
    assertThat(dz.get(0, 2)).isCloseTo(0.66524096f - 0.8f, Offset.offset(1e-6f));
    assertThat(criterion.taskLoss(0)).as("evaluation is not smoothed").isCloseTo(0.40760596, CLOSE);
    criterion.trainingLoss(0, 1);
    gradientIsTheLosssDerivative(criterion, 3);
  }

  /// T = 2, teacher (2, 0, 0): p = (.57611688, .21194156, .21194156), q = (.18632372, .30719589, .50648039);
  /// 4·Σ p·log(p/q) = 1.4645…; with weight .25 of it and .75 of the cross-entropy.
  @Test
  void distillationAddsTheDivergenceFromTheTeacher() {
    put(teacher, 2, 0, 0);
    TrainingOptions options =
        TrainingOptions.builder().distillation(new Distillation(2, 0.25)).build();
    Criterion criterion = softmax(options, true);
    double divergence =
        0.57611688 * Math.log(0.57611688 / 0.18632372)
            + 0.21194156 * Math.log(0.21194156 / 0.30719589)
            + 0.21194156 * Math.log(0.21194156 / 0.50648039);
    assertThat(criterion.trainingLoss(0, 1))
        .isCloseTo(0.75 * 0.40760596 + 0.25 * 4 * divergence, CLOSE);
    gradientIsTheLosssDerivative(criterion, 3);
  }

  @Test
  void aTeacherThatAgreesCostsNothing() {
    put(teacher, 1, 2, 3);
    TrainingOptions options =
        TrainingOptions.builder().distillation(new Distillation(3, 1)).build();
    Criterion criterion = softmax(options, true);
    assertThat(criterion.trainingLoss(0, 1)).isCloseTo(0, CLOSE);
    assertThat(dz.get(0, 1)).isCloseTo(0, Offset.offset(1e-6f));
  }

  /// ½·(log(1 + e) − 1 + log(1 + e⁻²))
  @Test
  void sigmoidCrossEntropyIsAMeanOverLabels() {
    put(z, 1, -2);
    Targets targets = targets(OutputForm.SIGMOID, 2, false);
    targets.load(targetRow(1, 0), 0, 0);
    Criterion criterion = new SigmoidCriterion(targets, z, dz, TrainingOptions.defaults());
    assertThat(criterion.taskLoss(0)).isCloseTo((0.31326169 + 0.12692801) / 2, CLOSE);
    assertThat(criterion.isRight(0)).isTrue();
    gradientIsTheLosssDerivative(criterion, 2);
    put(z, 1, 2);
    assertThat(criterion.isRight(0)).as("one of two labels wrong").isFalse();
  }

  @Test
  void sigmoidWithSmoothingAndTeacherHasTheRightGradient() {
    put(z, 1, -2, 0.3f);
    put(teacher, -1, 3, 0.5f);
    Targets targets = targets(OutputForm.SIGMOID, 3, true);
    targets.load(targetRow(1, 0, 1), 0, 0);
    TrainingOptions options =
        TrainingOptions.builder()
            .labelSmoothing(0.2)
            .distillation(new Distillation(3, 0.4))
            .build();
    gradientIsTheLosssDerivative(new SigmoidCriterion(targets, z, dz, options), 3);
  }

  @Test
  void oneSigmoidOutputTellsTwoClasses() {
    put(z, -0.5f);
    Targets targets = targets(OutputForm.SIGMOID, 1, false);
    Criterion criterion = new SigmoidCriterion(targets, z, dz, TrainingOptions.defaults());
    targets.load(FloatDataset.classification("row", new float[] {0}, 1, new int[] {0}, 2), 0, 0);
    assertThat(criterion.isRight(0)).isTrue();
    assertThat(criterion.taskLoss(0)).isCloseTo(0.47407698, CLOSE);
    targets.load(FloatDataset.classification("row", new float[] {0}, 1, new int[] {1}, 2), 0, 0);
    assertThat(criterion.isRight(0)).isFalse();
    assertThat(criterion.taskLoss(0)).isCloseTo(0.97407698, CLOSE);
  }

  /// Errors −1 and 3.
  @Test
  void squaredAndHuberErrors() {
    put(z, 1, 5);
    Targets targets = targets(OutputForm.IDENTITY, 2, false);
    targets.load(targetRow(2, 2), 0, 0);
    Criterion squared = new RegressionCriterion(targets, z, dz, TrainingOptions.defaults());
    assertThat(squared.taskLoss(0)).isCloseTo((1 + 9) / 2.0, CLOSE);
    gradientIsTheLosssDerivative(squared, 2);
    TrainingOptions options =
        TrainingOptions.builder().regressionLoss(new RegressionLoss.Huber(2)).build();
    Criterion huber = new RegressionCriterion(targets, z, dz, options);
    assertThat(huber.taskLoss(0)).isCloseTo((0.5 + 2 * (3 - 1)) / 2.0, CLOSE);
    gradientIsTheLosssDerivative(huber, 2);
  }

  @Test
  void aRegressionTeacherIsASecondTarget() {
    put(z, 1, 5);
    put(teacher, 0, 5);
    Targets targets = targets(OutputForm.IDENTITY, 2, true);
    targets.load(targetRow(2, 2), 0, 0);
    TrainingOptions options =
        TrainingOptions.builder().distillation(new Distillation(1, 0.25)).build();
    Criterion criterion = new RegressionCriterion(targets, z, dz, options);
    assertThat(criterion.trainingLoss(0, 1)).isCloseTo(0.75 * 5 + 0.25 * 0.5, CLOSE);
    gradientIsTheLosssDerivative(criterion, 2);
  }

  @Test
  void logitsThatAreNotNumbersAreNeverRight() {
    Criterion criterion = softmax(TrainingOptions.defaults(), false);
    put(z, Float.NaN, 2, 3);
    assertThat(criterion.isRight(0)).isFalse();
  }
}
