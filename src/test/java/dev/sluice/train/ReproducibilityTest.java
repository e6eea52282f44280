package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.Dataset;
import dev.sluice.format.FormatException;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same seed gives the same bits: for any number of threads, on any kernels, interrupted or not.
class ReproducibilityTest {
  private static final Dataset DATA = TestData.clouds(700, 40, 5, 8);

  @TempDir Path folder;

  /// Everything random is in it: variants of rows, dropout on inputs and hidden layers, sampled gates; and everything with a state: moments, budget.
  private static TrainingOptions.Builder options() {
    GateOptions gates =
        GateOptions.builder()
            .macBudget(0.5)
            .temperature(Schedule.linear(2, 1, 0.8))
            .threshold(Schedule.linear(0.4, 0.5, 0.8))
            .decision(TrainingDecision.BERNOULLI)
            .blockFloor(0.1, 0.1)
            .varianceWeight(0.01)
            .clipNorm(1)
            .build();
    return TrainingOptions.builder()
        .epochs(3)
        .batchSize(80)
        .dropout(0.1)
        .inputDropout(0.05)
        .augmentation(new Augmentation(0, false, 0.1, 2))
        .clipNorm(2)
        .labelSmoothing(0.05)
        .gates(gates);
  }

  private static ModelSpec spec() {
    GateSpec gate = GateSpec.of(GateForms.parse("two-layer:8"), Granularity.BLOCK);
    return ModelSpec.gated(List.of(40, 72, 64, 5), 16, Activation.GELU, OutputForm.SOFTMAX, gate);
  }

  private static Trainer.Builder trainer(TrainingOptions options) {
    return Trainer.builder(spec(), options, DATA);
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

  private static void assertSameBits(TrainingResult actual, List<float[]> expected) {
    List<float[]> tensors = tensors(actual);
    for (int index = 0; index < expected.size(); index++) {
      assertThat(tensors.get(index)).as("tensor %d", index).isEqualTo(expected.get(index));
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    List<float[]> expected = tensors(trainer(options().build()).build().train());
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (int threads = 1; threads <= 3; threads++) {
        Trainer trainer = trainer(options().build()).executor(executor, threads).build();
        assertSameBits(trainer.train(), expected);
      }
    }
  }

  @Test
  void anyKernelsGiveTheSameBits() {
    TrainingOptions options = options().epochs(1).build();
    List<float[]> expected = tensors(trainer(options).build().train());
    for (var kernels : KernelProvider.all()) {
      assertSameBits(trainer(options).kernels(kernels).build().train(), expected);
    }
  }

  @Test
  void anotherSeedGivesOtherBits() {
    List<float[]> first = tensors(trainer(options().epochs(1).build()).build().train());
    List<float[]> second = tensors(trainer(options().epochs(1).seed(2).build()).build().train());
    assertThat(second.getFirst()).isNotEqualTo(first.getFirst());
  }

  /// 8 steps an epoch: in the middle of the first, at its end, in the middle of the last.
  @ParameterizedTest
  @ValueSource(longs = {3, 8, 21})
  void interruptedAndResumedGivesTheSameBitsAndRecords(long steps) {
    TrainingResult whole = trainer(options().build()).build().train();
    List<float[]> expected = tensors(whole);
    Path path = folder.resolve("checkpoint");
    Trainer[] interrupted = new Trainer[1];
    TrainingListener cancelling =
        new TrainingListener() {
          @Override
          public void stepDone(StepRecord record) {
            if (record.step() == steps) {
              interrupted[0].cancel();
            }
          }
        };
    interrupted[0] = trainer(options().build()).listener(cancelling).checkpoint(path, 1000).build();
    TrainingResult first = interrupted[0].train();
    first.model().close();
    assertThat(first.reason()).isEqualTo(StopReason.CANCELLED);
    TrainingResult resumed = trainer(options().build()).resumeFrom(path).build().train();
    assertSameBits(resumed, expected);
    assertThat(resumed.bestEpoch()).isEqualTo(whole.bestEpoch());
    assertThat(resumed.validation()).isEqualTo(whole.validation());
    assertThat(resumed.history().stream().map(ReproducibilityTest::withoutClock))
        .isEqualTo(whole.history().stream().map(ReproducibilityTest::withoutClock).toList());
  }

  private static EpochRecord withoutClock(EpochRecord r) {
    return new EpochRecord(
        r.epoch(),
        r.trainingLoss(),
        r.trainingAccuracy(),
        r.trainingRelativeMacs(),
        r.validationLoss(),
        r.validationAccuracy(),
        r.relativeMacs(),
        r.gateRatioMean(),
        r.gateRatioStdDev(),
        0,
        r.learningRate(),
        r.macWeight(),
        r.temperature(),
        r.threshold(),
        r.takenBackPerRow());
  }

  @Test
  void sgdResumesToo() {
    UnaryOperator<TrainingOptions.Builder> sgd =
        options ->
            options
                .optimizer(new OptimizerOptions.Sgd(0.9, true, 1e-4))
                .learningRate(LearningRate.constant(0.05));
    Path path = folder.resolve("checkpoint");
    TrainingOptions options = sgd.apply(options()).build();
    List<float[]> expected = tensors(trainer(options).checkpoint(path, 20).build().train());
    assertSameBits(trainer(options).resumeFrom(path).build().train(), expected);
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefusedWithTheDifference() {
    Path path = folder.resolve("checkpoint");
    TrainingOptions options = options().epochs(1).build();
    trainer(options).checkpoint(path, 0).build().train().model().close();
    TrainingOptions changed = options.toBuilder().dropout(0.2).build();
    assertThatThrownBy(() -> trainer(changed).resumeFrom(path).build().train())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "checkpoint is of another training: path="
                + path
                + ", option.dropout=0.1, expected=0.2");
    Dataset otherData = TestData.withFeature(DATA, 3, 9f);
    assertThatThrownBy(
            () -> Trainer.builder(spec(), options, otherData).resumeFrom(path).build().train())
        .hasMessageContaining("checkpoint is of another training")
        .hasMessageContaining("data=" + DATA.contentHash());
    ModelSpec dense = spec().withoutGates();
    TrainingOptions ungated = options.toBuilder().gates(GateOptions.defaults()).build();
    assertThatThrownBy(() -> Trainer.builder(dense, ungated, DATA).resumeFrom(path).build().train())
        .hasMessageContaining("blueprint=");
  }

  @Test
  void aDamagedCheckpointIsNamed() throws IOException {
    Path path = folder.resolve("checkpoint");
    TrainingOptions options = options().epochs(1).build();
    trainer(options).checkpoint(path, 0).build().train().model().close();
    byte[] bytes = Files.readAllBytes(path);
    bytes[bytes.length - 5] ^= 1;
    Files.write(path, bytes);
    assertThatThrownBy(() -> trainer(options).resumeFrom(path).build().train())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining(path.toString());
  }

  @Test
  void checkpointsAreWrittenAsOftenAsAsked() {
    Path path = folder.resolve("checkpoint");
    List<Long> seen = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepDone(StepRecord record) {
            if (Files.exists(path)) {
              seen.add(record.step());
            }
          }
        };
    trainer(options().epochs(1).build())
        .checkpoint(path, 3)
        .listener(listener)
        .build()
        .train()
        .model()
        .close();
    assertThat(seen).containsExactly(4L, 5L, 6L, 7L, 8L);
  }
}
