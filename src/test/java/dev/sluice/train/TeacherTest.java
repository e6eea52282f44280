package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.Dataset;
import dev.sluice.data.ImageShape;
import dev.sluice.data.Splits;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.memory.Matrix;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherTest {
  private static final ImageShape SHAPE = new ImageShape(1, 6, 6);
  private static final Dataset PICTURES = TestData.pictures(150, SHAPE, 3, 8);
  private static final Augmentation VARIED = new Augmentation(2, true, 0, 3);
  private static final ModelSpec STUDENT =
      ModelSpec.dense(List.of(36, 16, 3), 8, Activation.RELU, OutputForm.SOFTMAX);

  private final List<Model> models = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void close() {
    models.forEach(Model::close);
  }

  private static TrainingOptions options() {
    return TrainingOptions.builder()
        .epochs(4)
        .batchSize(32)
        .inputDropout(0.1)
        .validationShare(0.2)
        .augmentation(VARIED)
        .build();
  }

  private Model kept(Model model) {
    models.add(model);
    return model;
  }

  private Model trained(ModelSpec spec, long seed) {
    TrainingOptions brief = TrainingOptions.builder().epochs(2).batchSize(16).seed(seed).build();
    return kept(Trainer.builder(spec, brief, PICTURES).build().train().model());
  }

  /// Dense and gated, of other widths than the student.
  private List<Model> ensemble() {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    return List.of(
        trained(ModelSpec.dense(List.of(36, 24, 3), 8, Activation.RELU, OutputForm.SOFTMAX), 1),
        trained(
            ModelSpec.gated(List.of(36, 32, 24, 3), 8, Activation.GELU, OutputForm.SOFTMAX, gate),
            2));
  }

  private static float[] answer(TeacherAnswers answers, int row, int variant) {
    try (Arena arena = Arena.ofConfined()) {
      Matrix matrix = Buffers.allocate(arena, 1, answers.outputs());
      answers.copy(row, variant, matrix, 0);
      return values(matrix, 0, answers.outputs());
    }
  }

  @Test
  void modelsOfOtherBlueprintsAnswerEveryVariantAsPredictorsDo() {
    List<Model> teachers = ensemble();
    Augmenter augmenter = new Augmenter(PICTURES, VARIED, 7);
    float[] features = new float[36];
    float[] scores = new float[3];
    try (TeacherAnswers answers = Teacher.of(teachers, 33).answer(PICTURES, VARIED, 7);
        Predictor first = Predictor.of(teachers.get(0));
        Predictor second = Predictor.of(teachers.get(1))) {
      for (int row = 0; row < PICTURES.rows(); row++) {
        for (int variant = 0; variant < 3; variant++) {
          augmenter.copyFeatures(row, variant, MemorySegment.ofArray(features), 0);
          double[] mean = new double[3];
          for (Predictor predictor : List.of(first, second)) {
            predictor.predict(features, scores);
            for (int k = 0; k < 3; k++) {
              mean[k] += scores[k] / 2;
            }
          }
          float[] answer = answer(answers, row, variant);
          for (int k = 0; k < 3; k++) {
            assertThat(Math.exp(answer[k])).isCloseTo(mean[k], Offset.offset(1e-5));
          }
        }
      }
    }
  }

  @Test
  void aBatchHasTheAnswersToTheVariantsItShows() {
    Model teacher = trained(STUDENT, 1);
    TrainingOptions options = options().toBuilder().inputDropout(0).build();
    int[] order = Splits.permutation(PICTURES.rows(), 5);
    try (Arena arena = Arena.ofShared();
        WorkTeam team = new WorkTeam();
        TeacherAnswers answers = Teacher.of(List.of(teacher)).answer(PICTURES, VARIED, 7);
        Predictor predictor = Predictor.of(teacher)) {
      Batch batch = new Batch(32);
      Matrix input = Buffers.allocate(arena, 32, 36);
      Matrix taught = Buffers.allocate(arena, 32, 3);
      BatchLoader loader =
          new BatchLoader(
              arena,
              batch,
              input,
              new Targets(STUDENT, 32, taught),
              KernelProvider.kernels().elementwise(),
              options,
              new Augmenter(PICTURES, VARIED, 7),
              answers);
      for (int epoch = 0; epoch < 3; epoch++) {
        batch.set(32, true, 0);
        team.run(loader.load(PICTURES, order, 50, epoch));
        for (int row = 0; row < 32; row++) {
          float[] scores = new float[3];
          predictor.predict(values(input, row, 36), scores);
          assertThat(softmax(values(taught, row, 3))).containsExactly(scores, Offset.offset(1e-5f));
        }
      }
    }
  }

  private static float[] values(Matrix matrix, int row, int columns) {
    float[] values = new float[columns];
    for (int column = 0; column < columns; column++) {
      values[column] = matrix.get(row, column);
    }
    return values;
  }

  private static float[] softmax(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    float[] shares = new float[logits.length];
    for (int k = 0; k < logits.length; k++) {
      shares[k] = (float) (Math.exp(logits[k]) / sum);
    }
    return shares;
  }

  @Test
  void answersDependNeitherOnThreadsNorOnTheBatchSize() {
    List<Model> teachers = ensemble();
    try (ExecutorService executor = Executors.newFixedThreadPool(2);
        TeacherAnswers alone = Teacher.of(teachers).answer(PICTURES, VARIED, 7);
        TeacherAnswers helped = Teacher.of(teachers, 17).answer(PICTURES, VARIED, 7, executor, 3)) {
      for (int row = 0; row < PICTURES.rows(); row++) {
        for (int variant = 0; variant < 3; variant++) {
          assertThat(answer(helped, row, variant)).isEqualTo(answer(alone, row, variant));
        }
      }
    }
  }

  private static List<float[]> tensors(TrainingResult result) {
    try (Model model = result.model()) {
      List<float[]> tensors = new ArrayList<>();
      for (NamedTensor tensor : model.weights().tensors()) {
        tensors.add(tensor.segment().toArray(ValueLayout.JAVA_FLOAT));
      }
      return tensors;
    }
  }

  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int index = 0; index < expected.size(); index++) {
      assertThat(actual.get(index)).as("tensor %d", index).isEqualTo(expected.get(index));
    }
  }

  @Test
  void sharedAnswersGiveTheBitsOfATeacherAskedByTheTrainer() {
    Model teacher = ensemble().getLast();
    List<float[]> expected =
        tensors(Trainer.builder(STUDENT, options(), PICTURES).teacher(teacher).build().train());
    List<float[]> untaught = tensors(Trainer.builder(STUDENT, options(), PICTURES).build().train());
    assertThat(expected.getFirst()).isNotEqualTo(untaught.getFirst());
    Splits.Parts parts = Splits.validation(PICTURES, 0.2, options().seed());
    try (TeacherAnswers answers =
        Teacher.of(List.of(teacher)).answer(parts.train(), VARIED, options().seed())) {
      for (int training = 0; training < 2; training++) {
        Trainer trainer =
            Trainer.builder(STUDENT, options(), parts.train())
                .validation(parts.validation())
                .teacher(answers)
                .build();
        assertSame(tensors(trainer.train()), expected);
      }
    }
  }

  /// Four steps an epoch: in the middle of the second.
  @Test
  void aTaughtTrainingOfVariedPicturesResumesWithTheSameBitsOnMoreThreads() {
    Teacher teacher = Teacher.of(ensemble());
    List<float[]> expected =
        tensors(Trainer.builder(STUDENT, options(), PICTURES).teacher(teacher).build().train());
    Path path = folder.resolve("checkpoint");
    Trainer[] interrupted = new Trainer[1];
    TrainingListener cancelling =
        new TrainingListener() {
          @Override
          public void stepDone(StepRecord record) {
            if (record.step() == 6) {
              interrupted[0].cancel();
            }
          }
        };
    interrupted[0] =
        Trainer.builder(STUDENT, options(), PICTURES)
            .teacher(teacher)
            .listener(cancelling)
            .checkpoint(path, 1000)
            .build();
    TrainingResult first = interrupted[0].train();
    first.model().close();
    assertThat(first.reason()).isEqualTo(StopReason.CANCELLED);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Trainer resumed =
          Trainer.builder(STUDENT, options(), PICTURES)
              .teacher(teacher)
              .executor(executor, 3)
              .resumeFrom(path)
              .build();
      assertSame(tensors(resumed.train()), expected);
    }
    TrainingOptions other = options().toBuilder().augmentation(Augmentation.shifts(2)).build();
    Trainer changed =
        Trainer.builder(STUDENT, other, PICTURES).teacher(teacher).resumeFrom(path).build();
    assertThatThrownBy(changed::train)
        .hasMessageContaining("checkpoint is of another training")
        .hasMessageContaining("option.augmentation=" + VARIED);
  }

  @Test
  void provenanceNamesAugmentationPicturesAndEveryTeacher() {
    TrainingOptions options = options().toBuilder().epochs(1).build();
    Trainer trainer =
        Trainer.builder(STUDENT, options, PICTURES).teacher(Teacher.of(ensemble())).build();
    try (Model model = trainer.train().model()) {
      assertThat(model.metadata())
          .containsEntry(
              "training.option.augmentation",
              "Augmentation[shift=2, flip=true, noise=0.0, variants=3]")
          .containsEntry("training.imageShape", "1x6x6");
      assertThat(model.metadata().get("training.teacher")).matches("[0-9a-f]{64},[0-9a-f]{64}");
    }
  }

  private static void assertRefused(
      TeacherAnswers answers, TrainingOptions options, Dataset data, String message) {
    Trainer trainer = Trainer.builder(STUDENT, options, data).teacher(answers).build();
    assertThatThrownBy(trainer::train)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void answersOfAnotherTrainingAreRefusedWithTheDifference() {
    TrainingOptions options = options().toBuilder().validationShare(0).epochs(1).build();
    Teacher teacher = Teacher.of(List.of(trained(STUDENT, 1)));
    try (TeacherAnswers answers = teacher.answer(PICTURES, VARIED, options.seed());
        TeacherAnswers plain = teacher.answer(PICTURES, Augmentation.none(), 99)) {
      String start = "teacher answers are of another training: ";
      assertRefused(
          answers,
          options,
          TestData.pictures(140, SHAPE, 3, 8),
          start + "rows, expected=140, actual=150");
      Dataset others = TestData.pictures(150, SHAPE, 3, 9);
      assertRefused(
          answers,
          options,
          others,
          start + "data, expected=" + others.contentHash() + ", actual=" + PICTURES.contentHash());
      assertRefused(
          answers,
          options.toBuilder().seed(5).build(),
          PICTURES,
          start + "seed, expected=5, actual=1");
      assertRefused(
          answers,
          options.toBuilder().augmentation(Augmentation.none()).build(),
          PICTURES,
          start + "augmentation, expected=" + Augmentation.none() + ", actual=" + VARIED);
      assertRefused(
          answers,
          options.toBuilder().validationShare(0.2).build(),
          PICTURES,
          "give validation rows, or validationShare=0; validationShare=0.2");
      // without variants the seed says nothing about the answers
      TrainingOptions unvaried =
          options.toBuilder().augmentation(Augmentation.none()).seed(5).build();
      Trainer.builder(STUDENT, unvaried, PICTURES).teacher(plain).build().train().model().close();
      ModelSpec wider = ModelSpec.dense(List.of(36, 16, 4), 8, Activation.RELU, OutputForm.SOFTMAX);
      Trainer misfit = Trainer.builder(wider, options, PICTURES).teacher(answers).build();
      assertThatThrownBy(misfit::train)
          .hasMessage(
              "teacher does not fit the model: expected=36 inputs to 4 of softmax, actual=36 inputs"
                  + " to 3 of softmax");
    }
  }
}
