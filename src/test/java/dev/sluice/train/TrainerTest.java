package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.Dataset;
import dev.sluice.data.StrokeDigits;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static ModelSpec digits(boolean gated) {
    List<Integer> widths = List.of(784, 128, 96, 10);
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    return gated
        ? ModelSpec.gated(widths, 16, Activation.RELU, OutputForm.SOFTMAX, gate)
        : ModelSpec.dense(widths, 16, Activation.RELU, OutputForm.SOFTMAX);
  }

  private static TrainingResult train(ModelSpec spec, TrainingOptions options, Dataset data) {
    TrainingResult result = Trainer.builder(spec, options, data).build().train();
    result.model().close();
    return result;
  }

  @Test
  void aDenseNetworkLearnsDigits() {
    TrainingOptions options = TrainingOptions.builder().epochs(5).dropout(0.1).build();
    TrainingResult result = train(digits(false), options, StrokeDigits.generate(3000, 1));
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.85);
    assertThat(result.validation().orElseThrow().rows()).isEqualTo(300);
    assertThat(result.reason()).isEqualTo(StopReason.COMPLETED);
    assertThat(result.history()).hasSize(5);
    assertThat(result.history().getLast().trainingLoss())
        .isLessThan(result.history().getFirst().trainingLoss() / 3);
    assertThat(result.history().getLast().relativeMacs()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.35, 0.6})
  void aBudgetIsMetOnRowsNeverSeen(double budget) {
    Dataset test = StrokeDigits.generateTest(2000, 1);
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(8)
            .batchSize(64)
            .gates(GateOptions.builder().macBudget(budget).build())
            .build();
    TrainingResult result =
        Trainer.builder(digits(true), options, StrokeDigits.generate(3000, 1))
            .validation(StrokeDigits.generate(2000, 2))
            .build()
            .train();
    assertThat(result.validation().orElseThrow().relativeMacs())
        .isCloseTo(budget, Offset.offset(0.003));
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.8);
    assertThat(result.validation().orElseThrow().gateRatioStdDev())
        .as("no static subnet")
        .isGreaterThan(0.01);
    try (Model model = result.model();
        Predictor predictor = Predictor.of(model)) {
      assertThat(relativeMacs(predictor, test)).isCloseTo(budget, Offset.offset(0.01));
    }
  }

  private static double relativeMacs(Predictor predictor, Dataset test) {
    long macs = 0;
    float[] in = new float[predictor.inputs()];
    float[] out = new float[predictor.outputs()];
    for (int row = 0; row < test.rows(); row++) {
      test.copyFeatures(row, java.lang.foreign.MemorySegment.ofArray(in), 0);
      predictor.predict(in, out);
      macs += predictor.macs().structuralMacs();
    }
    return (double) macs / test.rows() / predictor.spec().denseMacs();
  }

  @Test
  void aBudgetThatCannotBeMetIsRefusedWithTheSmallestThatCan() {
    TrainingOptions options =
        TrainingOptions.builder().gates(GateOptions.builder().macBudget(0.01).build()).build();
    ModelSpec spec = digits(true);
    double smallest = new SmallestMacs(spec).relative();
    String rounded =
        String.format(java.util.Locale.ROOT, "%.3f", Math.ceil(smallest * 1000) / 1000);
    Dataset data = StrokeDigits.generate(50, 1);
    assertThatThrownBy(() -> train(spec, options, data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mac budget cannot be met: budget=0.010, smallest=" + rounded);
    assertThatThrownBy(() -> train(digits(false), options, data))
        .hasMessage("mac budget needs a network with gates or exits: budget=0.01");
  }

  @Test
  void regressionLearnsSmoothFunctions() {
    ModelSpec spec =
        ModelSpec.dense(List.of(4, 32, 32, 2), 16, Activation.GELU, OutputForm.IDENTITY);
    for (RegressionLoss loss : List.of(new RegressionLoss.Squared(), new RegressionLoss.Huber(1))) {
      TrainingOptions options =
          TrainingOptions.builder()
              .epochs(20)
              .batchSize(32)
              .learningRate(LearningRate.oneCycle(1e-2))
              .regressionLoss(loss)
              .build();
      TrainingResult result = train(spec, options, TestData.waves(1000, 4, 2, 3));
      Evaluation evaluation = result.validation().orElseThrow();
      assertThat(evaluation.loss()).as("variance is about 0.7").isLessThan(0.05);
      assertThat(evaluation.accuracy()).isNaN();
    }
  }

  @Test
  void independentLabelsAreLearntWithSgd() {
    ModelSpec spec = ModelSpec.dense(List.of(5, 32, 2), 16, Activation.TANH, OutputForm.SIGMOID);
    for (boolean nesterov : List.of(true, false)) {
      TrainingOptions options =
          TrainingOptions.builder()
              .epochs(15)
              .batchSize(32)
              .optimizer(new OptimizerOptions.Sgd(0.9, nesterov, 1e-4))
              .learningRate(LearningRate.cosine(0.3, 0.1))
              .build();
      TrainingResult result = train(spec, options, TestData.signs(1000, 5, 3));
      assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.93);
    }
  }

  /// The teacher has hardly learnt, so its soft answers are unlike the labels.
  @Test
  void aStudentComesNearerToItsTeacherThanToTheLabels() {
    ModelSpec spec = ModelSpec.dense(List.of(8, 24, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    Dataset data = TestData.clouds(400, 8, 3, 2);
    // without validation, which would choose epochs by the labels
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(20)
            .batchSize(32)
            .learningRate(LearningRate.oneCycle(1e-2))
            .validationShare(0)
            .build();
    TrainingOptions brief =
        options.toBuilder().epochs(1).seed(5).learningRate(LearningRate.constant(1e-4)).build();
    try (Model teacher = Trainer.builder(spec, brief, data).build().train().model()) {
      TrainingOptions other = options.toBuilder().distillation(new Distillation(2, 1)).build();
      TrainingResult taught = Trainer.builder(spec, other, data).teacher(teacher).build().train();
      TrainingResult alone = Trainer.builder(spec, other, data).build().train();
      try (Model student = taught.model();
          Model stranger = alone.model()) {
        assertThat(distance(student, teacher, data))
            .isLessThan(0.3 * distance(stranger, teacher, data));
      }
    }
  }

  @Test
  void aTeacherOfNarrowWeightsIsRefusedUntilItIsF32() {
    ModelSpec spec = ModelSpec.dense(List.of(8, 24, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    Dataset data = TestData.clouds(60, 8, 3, 2);
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(1)
            .batchSize(16)
            .distillation(new Distillation(2, 1))
            .build();
    try (Model teacher = Trainer.builder(spec, options, data).build().train().model();
        Model narrow = teacher.withPrecision(WeightPrecision.BF16);
        Model wide = narrow.withPrecision(WeightPrecision.F32)) {
      Trainer refused = Trainer.builder(spec, options, data).teacher(narrow).build();
      assertThatThrownBy(refused::train)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "training takes f32 weights only: precision=bf16; convert the model to f32 first");
      Trainer.builder(spec, options, data).teacher(wide).build().train().model().close();
    }
  }

  private static double distance(Model a, Model b, Dataset data) {
    double sum = 0;
    try (Predictor first = Predictor.of(a);
        Predictor second = Predictor.of(b)) {
      float[] in = new float[first.inputs()];
      float[] outA = new float[first.outputs()];
      float[] outB = new float[first.outputs()];
      for (int row = 0; row < data.rows(); row++) {
        data.copyFeatures(row, java.lang.foreign.MemorySegment.ofArray(in), 0);
        first.predict(in, outA);
        second.predict(in, outB);
        for (int k = 0; k < outA.length; k++) {
          sum += Math.abs(outA[k] - outB[k]);
        }
      }
    }
    return sum;
  }

  @Test
  void listenersHearOfEveryStepAndEpoch() {
    ModelSpec spec = ModelSpec.dense(List.of(6, 16, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    TrainingOptions options =
        TrainingOptions.builder().epochs(2).batchSize(32).validationShare(0).build();
    List<StepRecord> steps = new ArrayList<>();
    List<EpochRecord> epochs = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepDone(StepRecord record) {
            steps.add(record);
          }

          @Override
          public void epochDone(EpochRecord record) {
            epochs.add(record);
          }
        };
    TrainingResult result =
        Trainer.builder(spec, options, TestData.clouds(100, 6, 3, 1))
            .listener(listener)
            .metadata(Map.of("note", "kept"))
            .build()
            .train();
    assertThat(steps.stream().map(StepRecord::step))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(steps.stream().map(StepRecord::stepInEpoch)).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
    assertThat(epochs).isEqualTo(result.history()).hasSize(2);
    assertThat(epochs.getFirst().trainingLoss()).isEqualTo(steps.get(3).loss());
    assertThat(result.validation()).isEmpty();
    assertThat(result.bestEpoch()).as("without validation the last").isEqualTo(2);
    assertThat(result.model().metadata())
        .containsEntry("training.option.seed", "1")
        .containsEntry("training.dataName", "clouds")
        .containsEntry("note", "kept")
        .containsKey("training.data");
    result.model().close();
  }

  @Test
  void dataThatDoesNotFitIsRefusedByName() {
    ModelSpec spec = ModelSpec.dense(List.of(6, 16, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    TrainingOptions options = TrainingOptions.defaults();
    assertThatThrownBy(() -> train(spec, options, TestData.clouds(10, 7, 3, 1)))
        .hasMessage("features differ from model inputs: data=clouds, expected=6, actual=7");
    assertThatThrownBy(() -> train(spec, options, TestData.clouds(10, 6, 4, 1)))
        .hasMessage("more classes than model outputs: data=clouds, expected=3, actual=4");
    assertThatThrownBy(() -> train(spec, options, TestData.waves(10, 6, 3, 1)))
        .hasMessage("data has no classes and the model's output form is softmax: data=waves");
    TrainingOptions patient = options.toBuilder().patience(2).validationShare(0).build();
    assertThatThrownBy(() -> train(spec, patient, TestData.clouds(10, 6, 3, 1)))
        .hasMessageStartingWith("early stopping needs validation rows");
  }
}
