package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppingTest {
  private static final ModelSpec SPEC =
      ModelSpec.dense(List.of(6, 16, 3), 8, Activation.RELU, OutputForm.SOFTMAX);

  @TempDir Path folder;

  private static boolean isFinite(Model model) {
    for (NamedTensor tensor : model.weights().tensors()) {
      for (float value : tensor.segment().toArray(ValueLayout.JAVA_FLOAT)) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void aRateThatIsFarTooHighStopsWithAMessageAndFiniteWeights() {
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(50)
            .batchSize(16)
            .optimizer(new OptimizerOptions.Sgd(0.9, false, 0))
            .learningRate(LearningRate.constant(1e5))
            .build();
    TrainingResult result =
        Trainer.builder(SPEC, options, TestData.clouds(200, 6, 3, 1)).build().train();
    assertThat(result.reason()).isEqualTo(StopReason.DIVERGED);
    assertThat(result.message())
        .matches("training diverged: epoch=\\d+, step=\\d+, loss=\\S+, gradientNorm=\\S+");
    assertThat(isFinite(result.model())).isTrue();
    result.model().close();
  }

  @Test
  void aFeatureThatIsNotANumberStopsAndKeepsTheLastGoodCheckpoint() {
    Dataset data = TestData.withFeature(TestData.clouds(200, 6, 3, 1), 150, Float.NaN);
    Path path = folder.resolve("checkpoint");
    TrainingOptions options =
        TrainingOptions.builder().epochs(3).batchSize(16).validationShare(0).build();
    long[] lastStep = {0};
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepDone(StepRecord record) {
            lastStep[0] = record.step();
          }
        };
    TrainingResult result =
        Trainer.builder(SPEC, options, data).checkpoint(path, 1).listener(listener).build().train();
    assertThat(result.reason()).isEqualTo(StopReason.DIVERGED);
    assertThat(result.message()).contains("epoch=1, step=" + (lastStep[0] + 1) + ", loss=NaN");
    assertThat(isFinite(result.model())).isTrue();
    result.model().close();
    assertThat(lastStep[0]).as("the bad row is not in the first batch").isPositive();
    assertThat(Files.exists(path)).isTrue();
    TrainingResult resumed = Trainer.builder(SPEC, options, data).resumeFrom(path).build().train();
    assertThat(resumed.message()).as("as far as before").isEqualTo(result.message());
    resumed.model().close();
  }

  @Test
  void patienceEndsATrainingThatNoLongerImprovesAndTheBestEpochIsKept() {
    // labels that mean nothing: validation cannot improve for long
    Dataset noise = TestData.clouds(120, 6, 3, 1);
    float[] values = new float[120 * 6];
    int[] labels = new int[120];
    java.util.Random random = new java.util.Random(3);
    for (int row = 0; row < 120; row++) {
      noise.copyFeatures(row, java.lang.foreign.MemorySegment.ofArray(values), row * 24L);
      labels[row] = random.nextInt(3);
    }
    Dataset data = dev.sluice.data.FloatDataset.classification("noise", values, 6, labels, 3);
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(200)
            .batchSize(16)
            .learningRate(LearningRate.constant(1e-2))
            .validationShare(0.3)
            .patience(4)
            .build();
    TrainingResult result = Trainer.builder(SPEC, options, data).build().train();
    result.model().close();
    assertThat(result.reason()).isEqualTo(StopReason.EARLY_STOPPING);
    assertThat(result.history()).hasSize(result.bestEpoch() + 4);
    EpochRecord best = result.history().get(result.bestEpoch() - 1);
    assertThat(result.validation().orElseThrow().accuracy()).isEqualTo(best.validationAccuracy());
    assertThat(result.validation().orElseThrow().loss()).isEqualTo(best.validationLoss());
    for (EpochRecord record : result.history()) {
      assertThat(record.validationAccuracy()).isLessThanOrEqualTo(best.validationAccuracy());
    }
  }

  /// A published script kept the best epoch's weights and the last epoch's threshold.
  @Test
  void temperatureAndThresholdOfTheBestEpochAreRestoredWithItsWeights() {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    ModelSpec spec =
        ModelSpec.gated(List.of(6, 40, 3), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
    GateOptions gates =
        GateOptions.builder()
            .temperature(Schedule.linear(3, 0.5, 1))
            .threshold(Schedule.linear(0.3, 0.9, 1))
            .build();
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(12)
            .batchSize(16)
            .learningRate(LearningRate.constant(3e-2))
            .validationShare(0.3)
            .gates(gates)
            .build();
    TrainingResult result =
        Trainer.builder(spec, options, TestData.clouds(200, 6, 3, 1)).build().train();
    LayerSpec.Gated trained = (LayerSpec.Gated) result.model().spec().layers().getFirst();
    result.model().close();
    EpochRecord best = result.history().get(result.bestEpoch() - 1);
    assertThat(result.bestEpoch()).as("otherwise nothing is shown").isLessThan(12);
    assertThat(trained.gate().rule())
        .isEqualTo(new ThresholdRule((float) best.temperature(), (float) best.threshold(), 1));
    assertThat(result.validation().orElseThrow().loss()).isEqualTo(best.validationLoss());
    assertThat(result.validation().orElseThrow().relativeMacs()).isEqualTo(best.relativeMacs());
  }

  @Test
  void cancellingBeforeTheStartReturnsTheInitialNetwork() {
    Trainer trainer =
        Trainer.builder(SPEC, TrainingOptions.defaults(), TestData.clouds(100, 6, 3, 1)).build();
    trainer.cancel();
    TrainingResult result = trainer.train();
    assertThat(result.reason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.bestEpoch()).isZero();
    assertThat(result.history()).isEmpty();
    assertThat(isFinite(result.model())).isTrue();
    result.model().close();
  }
}
