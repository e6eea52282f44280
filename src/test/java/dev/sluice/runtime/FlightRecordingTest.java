package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.account.MacCount;
import dev.sluice.data.StrokeDigits;
import dev.sluice.format.ModelFile;
import dev.sluice.format.Placement;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import dev.sluice.train.EpochRecord;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingOptions;
import dev.sluice.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlightRecordingTest {
  private static final String PREDICTION = "dev.sluice.Prediction";
  private static final String MODEL_OPEN = "dev.sluice.ModelOpen";
  private static final String TRAINING_EPOCH = "dev.sluice.TrainingEpoch";

  @TempDir private Path folder;

  private static Recording everyPrediction(int period) {
    Recording recording = new Recording();
    recording.enable(PREDICTION).with("every", Integer.toString(period));
    return recording;
  }

  /// Stops the recording; events in the order of their ends.
  private List<RecordedEvent> events(Recording recording, String name) throws IOException {
    recording.stop();
    Path file = Files.createTempFile(folder, "recording", ".jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(name))
        .sorted((a, b) -> a.getEndTime().compareTo(b.getEndTime()))
        .toList();
  }

  private static Model gated() {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    ModelSpec spec =
        ModelSpec.gated(List.of(20, 40, 24, 3), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
    return TestModels.random(spec, new SplittableRandom(1));
  }

  private static float[] row(int seed) {
    return TestModels.randomRows(1, 20, new SplittableRandom(seed));
  }

  @Test
  void aPredictionCarriesTheFiguresOfItsAccount() throws IOException {
    try (Model model = gated();
        Predictor predictor = Predictor.of(model);
        Recording recording = everyPrediction(1)) {
      recording.start();
      List<long[]> counted = new ArrayList<>();
      for (int seed = 0; seed < 20; seed++) {
        predictor.predict(row(seed), new float[3]);
        MacCount macs = predictor.macs();
        counted.add(new long[] {macs.executedMacs(), macs.structuralMacs()});
      }
      List<RecordedEvent> events = events(recording, PREDICTION);
      assertThat(events).hasSize(20);
      long dense = 20 * 40 + 40 * 24 + 24 * 3;
      for (int index = 0; index < 20; index++) {
        RecordedEvent event = events.get(index);
        long structural = counted.get(index)[1];
        assertThat(event.getLong("executedMacs")).isEqualTo(counted.get(index)[0]);
        assertThat(event.getLong("structuralMacs")).isEqualTo(structural);
        assertThat(event.getLong("denseMacs")).isEqualTo(dense);
        assertThat(event.getDouble("relativeMacs")).isEqualTo((double) structural / dense);
        assertThat(event.getString("architecture")).isEqualTo("20-40-24-3");
        assertThat(event.getInt("stage")).isZero();
        assertThat(event.getDuration()).isPositive();
        assertThat(event.getThread().getJavaName()).isEqualTo(Thread.currentThread().getName());
      }
      assertThat(events.stream().mapToLong(event -> event.getLong("structuralMacs")).distinct())
          .as("rows that differ")
          .hasSizeGreaterThan(1);
    }
  }

  /// Half of the rows are sure of themselves at the first stage, by hand: its logits are ±the feature.
  @Test
  void aPredictionSaysWhichStageAnswered() throws IOException {
    LayerSpec head = new LayerSpec.Dense(2, 8, Activation.IDENTITY);
    StageSpec first =
        new StageSpec(
            FeatureSelection.all(),
            false,
            List.of(head),
            new ExitSpec.Confidence(ExitSpec.Measure.MAX_PROBABILITY, 0.9f));
    StageSpec second = new StageSpec(FeatureSelection.all(), false, List.of(head), null);
    ModelSpec spec = new ModelSpec(1, List.of(first, second), OutputForm.SOFTMAX);
    try (Model model = TestModels.zeros(spec);
        Predictor predictor = Predictor.of(model);
        Recording recording = everyPrediction(1)) {
      TestModels.layer(model, 0).weights().set(0, 0, 1f);
      recording.start();
      predictor.predict(new float[] {10}, new float[2]);
      predictor.logits(new float[] {0.1f}, new float[2]);
      assertThat(events(recording, PREDICTION))
          .extracting(event -> event.getInt("stage"), event -> event.getLong("executedMacs"))
          .containsExactly(tuple(0, 2L), tuple(1, 4L));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "4, 3", "9, 2", "100, 1", "0, 1", "often, 1"})
  void thePeriodSaysHowManyAreLeftOut(String period, int expected) throws IOException {
    try (Model model = gated();
        Predictor predictor = Predictor.of(model);
        Recording recording = new Recording()) {
      recording.enable(PREDICTION).with("every", period);
      recording.start();
      for (int seed = 0; seed < 10; seed++) {
        predictor.predict(row(seed), new float[3]);
      }
      assertThat(events(recording, PREDICTION)).hasSize(expected);
    }
  }

  @Test
  void ofTwoRecordingsTheShorterPeriodCounts() throws IOException {
    try (Model model = gated();
        Predictor predictor = Predictor.of(model);
        Recording seldom = everyPrediction(50);
        Recording often = everyPrediction(2)) {
      seldom.start();
      predictor.predict(row(0), new float[3]);
      often.start();
      for (int seed = 0; seed < 4; seed++) {
        predictor.predict(row(seed), new float[3]);
      }
      assertThat(events(often, PREDICTION)).hasSize(2);
    }
  }

  @Test
  void predictionsShorterThanTheThresholdAreLeftOut() throws IOException {
    try (Model model = gated();
        Predictor predictor = Predictor.of(model);
        Recording recording = everyPrediction(1)) {
      recording.enable(PREDICTION).withThreshold(Duration.ofHours(1)).with("every", "1");
      recording.start();
      predictor.predict(row(0), new float[3]);
      assertThat(events(recording, PREDICTION)).isEmpty();
    }
  }

  @Test
  void whatHappensWithoutARecordingOrSwitchedOffIsNotRecorded() throws IOException {
    try (Model model = gated();
        Predictor predictor = Predictor.of(model)) {
      predictor.predict(row(0), new float[3]);
      try (Recording recording = new Recording()) {
        recording.disable(PREDICTION);
        recording.start();
        predictor.predict(row(1), new float[3]);
        assertThat(events(recording, PREDICTION)).isEmpty();
      }
      predictor.predict(row(2), new float[3]);
      try (Recording recording = everyPrediction(1)) {
        recording.start();
        predictor.predict(row(3), new float[3]);
        assertThat(events(recording, PREDICTION)).hasSize(1);
      }
    }
  }

  /// Nor does it count towards the period: the first answer is still to come.
  @Test
  void warmingUpIsNoPrediction() throws IOException {
    try (Model model = gated();
        Predictor predictor = Predictor.of(model);
        Recording recording = everyPrediction(1)) {
      recording.start();
      predictor.warmUp(Duration.ofMillis(200));
      predictor.predict(row(0), new float[3]);
      assertThat(events(recording, PREDICTION)).hasSize(1);
    }
  }

  @Test
  void recordingChangesNoAnswerAndNoAccount() {
    try (Model model = gated();
        Predictor predictor = Predictor.of(model);
        Recording recording = everyPrediction(1)) {
      float[] without = new float[3];
      predictor.predict(row(5), without);
      MacCount macs = predictor.macs();
      long executed = macs.executedMacs();
      recording.start();
      float[] with = new float[3];
      predictor.predict(row(6), with);
      assertThat(macs.executedMacs()).as("refreshed by macs() alone").isEqualTo(executed);
      predictor.predict(row(5), with);
      assertThat(with).containsExactly(without);
      assertThat(predictor.macs().executedMacs()).isEqualTo(executed);
    }
  }

  @Test
  void openingAModelIsRecordedWithItsFile() throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (Model model = gated()) {
      ModelFile.write(file, model.spec(), model.weights(), model.metadata());
    }
    try (Recording recording = new Recording()) {
      recording.start();
      ModelFile.open(file).close();
      ModelFile.open(file, Placement.MAPPED).close();
      ModelFile.open(file, WeightPrecision.BF16).close();
      List<RecordedEvent> events = events(recording, MODEL_OPEN);
      assertThat(events)
          .extracting(event -> event.getString("precision") + " " + event.getString("placement"))
          .containsExactly("f32 copied", "f32 mapped", "bf16 copied");
      for (RecordedEvent event : events) {
        assertThat(event.getString("path")).isEqualTo(file.toString());
        assertThat(event.getLong("fileBytes")).isEqualTo(Files.size(file));
        assertThat(event.getDuration()).isPositive();
      }
    }
  }

  @Test
  void epochsAreRecordedWithTheFiguresOfTheirRecords() throws IOException {
    ModelSpec spec = ModelSpec.dense(List.of(784, 16, 10), 16, Activation.RELU, OutputForm.SOFTMAX);
    TrainingOptions options = TrainingOptions.builder().epochs(2).build();
    try (Recording recording = new Recording()) {
      recording.start();
      TrainingResult result =
          Trainer.builder(spec, options, StrokeDigits.generate(300, 1)).build().train();
      result.model().close();
      List<RecordedEvent> events = events(recording, TRAINING_EPOCH);
      assertThat(events).hasSize(2);
      for (int index = 0; index < 2; index++) {
        EpochRecord epoch = result.history().get(index);
        RecordedEvent event = events.get(index);
        assertThat(event.getInt("epoch")).isEqualTo(index + 1);
        assertThat(event.getDouble("trainingLoss")).isEqualTo(epoch.trainingLoss());
        assertThat(event.getDouble("trainingAccuracy")).isEqualTo(epoch.trainingAccuracy());
        assertThat(event.getDouble("trainingRelativeMacs")).isEqualTo(epoch.trainingRelativeMacs());
        assertThat(event.getDouble("validationLoss")).isEqualTo(epoch.validationLoss());
        assertThat(event.getDouble("validationAccuracy")).isEqualTo(epoch.validationAccuracy());
        assertThat(event.getDouble("validationRelativeMacs")).isEqualTo(epoch.relativeMacs());
        assertThat(event.getDouble("rowsPerSecond")).isEqualTo(epoch.rowsPerSecond());
      }
    }
  }
}
