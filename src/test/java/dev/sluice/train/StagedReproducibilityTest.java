package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.Dial;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stages, joins, exits and halting change nothing about [ReproducibilityTest].
class StagedReproducibilityTest {
  private static final Dataset DATA = TestData.clouds(500, 30, 5, 8);

  @TempDir Path folder;

  private static Trainer.Builder trainer(boolean halts) {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    ExitSpec exit = halts ? new ExitSpec.Halting(0.01f) : StagedSpecs.EXIT;
    FeatureSelection some = FeatureSelection.of(1, 2, 5, 7, 11, 13, 17, 19);
    ModelSpec spec =
        StagedSpecs.of(
            30,
            StagedSpecs.stage(some, false, exit, Activation.RELU, null, 20, 16, 5),
            StagedSpecs.stage(
                FeatureSelection.all(),
                true,
                halts ? exit : null,
                Activation.GELU,
                gate,
                72,
                40,
                5));
    StageOptions stages =
        StageOptions.defaults()
            .withWeights(List.of(0.5, 1.0))
            .withSelfDistillation(0.3)
            .withFocus(0.5)
            .withGateBudget(0.8);
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(2)
            .batchSize(64)
            .dropout(0.1)
            .inputDropout(0.05)
            .gates(GateOptions.builder().macBudget(0.7).build())
            .stages(stages)
            .build();
    return Trainer.builder(spec, options, DATA);
  }

  /// Everything a model is: bits of weights, thresholds of exits, dial.
  private record Outcome(List<Integer> bits, ModelSpec spec, String dial, Evaluation validation) {
    static Outcome of(TrainingResult result) {
      try (Model model = result.model()) {
        List<Integer> bits =
            model.weights().tensors().stream()
                .map(tensor -> tensor.segment().toArray(ValueLayout.JAVA_INT))
                .map(java.util.Arrays::hashCode)
                .toList();
        String dial = model.metadata().getOrDefault(Dial.METADATA_KEY, "");
        return new Outcome(bits, model.spec(), dial, result.validation().orElseThrow());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyNumberOfThreadsGivesTheSameModel(boolean halts) {
    Outcome expected = Outcome.of(trainer(halts).build().train());
    assertThat(expected.dial()).isNotEmpty();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (int threads = 2; threads <= 3; threads++) {
        Trainer trainer = trainer(halts).executor(executor, threads).build();
        assertThat(Outcome.of(trainer.train())).isEqualTo(expected);
      }
    }
  }

  /// 8 steps an epoch.
  @ParameterizedTest
  @ValueSource(longs = {3, 8, 13})
  void interruptedAndResumedGivesTheSameModel(long steps) {
    Outcome expected = Outcome.of(trainer(false).build().train());
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
    interrupted[0] = trainer(false).listener(cancelling).checkpoint(path, 1000).build();
    TrainingResult first = interrupted[0].train();
    first.model().close();
    assertThat(first.reason()).isEqualTo(StopReason.CANCELLED);
    assertThat(Outcome.of(trainer(false).resumeFrom(path).build().train())).isEqualTo(expected);
  }
}
