package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.memory.TileMap;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole trainings with dead tiles, with gates and a budget beside them.
class SparseTrainingTest {
  private static final Dataset DATA = TestData.clouds(700, 70, 5, 8);
  private static final Dataset HELD = TestData.clouds(150, 70, 5, 9);

  @TempDir Path folder;

  static Stream<StructuralPlasticity> methods() {
    return Stream.of(
        StructuralPlasticity.rigl(0.4).everySteps(3).build(),
        StructuralPlasticity.rigl(0.6).everySteps(4).gradientMemory(0.9).growDeviation(0).build(),
        StructuralPlasticity.magnitude(0.3).pruneAtShare(0.4).build(),
        StructuralPlasticity.magnitude(0.7).scope(StructuralPlasticity.Scope.GLOBAL).build());
  }

  private static TrainingOptions.Builder options(StructuralPlasticity plasticity) {
    return TrainingOptions.builder()
        .epochs(3)
        .batchSize(80)
        .dropout(0.1)
        .learningRate(LearningRate.oneCycle(5e-3))
        .gates(GateOptions.builder().macBudget(0.4).build())
        .plasticity(plasticity);
  }

  private static ModelSpec spec(String form, Granularity granularity) {
    GateSpec gate = GateSpec.of(GateForms.parse(form), granularity);
    return ModelSpec.gated(List.of(70, 72, 64, 5), 16, Activation.RELU, OutputForm.SOFTMAX, gate);
  }

  private static Trainer.Builder trainer(TrainingOptions options) {
    return Trainer.builder(spec("linear", Granularity.BLOCK), options, DATA).validation(HELD);
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

  @ParameterizedTest
  @MethodSource("methods")
  void predictorsExecuteTheMacsThatEvaluationCounts(StructuralPlasticity plasticity) {
    for (Granularity granularity : Granularity.values()) {
      ModelSpec spec = spec(granularity == Granularity.UNIT ? "static" : "linear", granularity);
      TrainingResult result =
          Trainer.builder(spec, options(plasticity).build(), DATA).validation(HELD).build().train();
      try (Model model = result.model();
          Predictor predictor = Predictor.of(model)) {
        double expected = result.validation().orElseThrow().relativeMacs();
        assertThat(relativeMacs(predictor)).isCloseTo(expected, Offset.offset(1e-12));
        assertLiveTiles(model, plasticity);
        assertThat(model.metadata())
            .containsEntry("training.option.plasticity.method", plasticity.method().name());
        int rewirings =
            plasticity.method() == StructuralPlasticity.Method.MAGNITUDE
                ? 1
                : (int) Math.ceil(0.75 * 27 / plasticity.everySteps()) - 1;
        assertThat(model.metadata())
            .containsEntry("training.rewirings", Integer.toString(rewirings));
      }
    }
  }

  /// Every row through both stages or stopped at the first; the second's hidden layers read the first's as well.
  @ParameterizedTest
  @MethodSource("methods")
  void headsOfAllStagesStayDenseAndTheirRowsCostWhatPredictorsExecute(
      StructuralPlasticity plasticity) {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    FeatureSelection some = FeatureSelection.parse("0-39");
    FeatureSelection all = FeatureSelection.all();
    ModelSpec spec =
        StagedSpecs.of(
            70,
            StagedSpecs.stage(some, false, StagedSpecs.EXIT, Activation.RELU, gate, 40, 24, 5),
            StagedSpecs.stage(all, true, null, Activation.RELU, gate, 48, 40, 5));
    TrainingOptions options =
        options(plasticity).gates(GateOptions.builder().macBudget(0.8).build()).build();
    TrainingResult result = Trainer.builder(spec, options, DATA).validation(HELD).build().train();
    try (Model model = result.model();
        Predictor predictor = Predictor.of(model)) {
      double expected = result.validation().orElseThrow().relativeMacs();
      assertThat(relativeMacs(predictor)).isCloseTo(expected, Offset.offset(1e-12));
      Evaluation again = ExitTable.of(model, HELD).evaluation(ExitThresholds.of(model.spec()));
      assertThat(again.relativeMacs()).isEqualTo(expected);
      for (int layer = 0; layer < 6; layer++) {
        boolean isHead = layer % 3 == 2;
        TileMap map = TileMap.of(model.weights().layers().get(layer).projection().weights());
        assertThat(plasticity.includes(layer, spec)).isEqualTo(!isHead);
        if (isHead) {
          assertThat(map.liveShare()).as("head %d", layer).isEqualTo(1);
        } else if (plasticity.scope() == StructuralPlasticity.Scope.LAYER) {
          assertThat(map.isPruned()).as("layer %d", layer).isTrue();
        }
      }
    }
  }

  /// 5 × 3 and 4 × 3 tiles.
  private static void assertLiveTiles(Model model, StructuralPlasticity plasticity) {
    int[] tiles = {15, 12};
    int live = 0;
    for (int layer = 0; layer < 2; layer++) {
      TileMap map = TileMap.of(model.weights().layers().get(layer).projection().weights());
      live += map.liveTiles();
      if (plasticity.scope() == StructuralPlasticity.Scope.LAYER) {
        assertThat((long) map.liveTiles())
            .isEqualTo(Math.round(plasticity.density() * tiles[layer]));
      }
    }
    if (plasticity.scope() == StructuralPlasticity.Scope.GLOBAL) {
      assertThat((long) live).isEqualTo(Math.round(plasticity.density() * 27));
    }
    TileMap head = TileMap.of(model.weights().layers().getLast().projection().weights());
    assertThat(head.liveShare()).isEqualTo(1);
  }

  private static double relativeMacs(Predictor predictor) {
    long macs = 0;
    float[] in = new float[predictor.inputs()];
    float[] out = new float[predictor.outputs()];
    for (int row = 0; row < HELD.rows(); row++) {
      HELD.copyFeatures(row, MemorySegment.ofArray(in), 0);
      predictor.predict(in, out);
      macs += predictor.macs().structuralMacs();
    }
    return (double) macs / HELD.rows() / predictor.spec().denseMacs();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void threadsAndKernelsDoNotMatter(StructuralPlasticity plasticity) {
    TrainingOptions options = options(plasticity).epochs(1).build();
    List<float[]> expected = tensors(trainer(options).build().train());
    try (ExecutorService executor = Executors.newFixedThreadPool(1)) {
      assertSameBits(trainer(options).executor(executor, 2).build().train(), expected);
    }
    for (var kernels : KernelProvider.all()) {
      assertSameBits(trainer(options).kernels(kernels).build().train(), expected);
    }
  }

  /// In the middle of the first epoch, before pruning or rewiring and after it, and at an end of an epoch; 9 steps an epoch.
  @ParameterizedTest
  @MethodSource("methods")
  void interruptedAndResumedGivesTheSameBits(StructuralPlasticity plasticity) {
    TrainingResult whole = trainer(options(plasticity).build()).build().train();
    List<float[]> expected = tensors(whole);
    for (long steps : new long[] {2, 4, 9, 15}) {
      Path path = folder.resolve("checkpoint-" + steps);
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
      interrupted[0] =
          trainer(options(plasticity).build()).listener(cancelling).checkpoint(path, 1000).build();
      interrupted[0].train().model().close();
      TrainingResult resumed =
          trainer(options(plasticity).build()).resumeFrom(path).build().train();
      assertThat(resumed.validation()).isEqualTo(whole.validation());
      assertSameBits(resumed, expected);
    }
  }

  /// The best epoch is one of the pruned network, though dense ones before it did better.
  @Test
  void onlyPrunedEpochsAreKept() {
    StructuralPlasticity prune =
        StructuralPlasticity.magnitude(0.05)
            .layers(StructuralPlasticity.Layers.FIRST)
            .pruneAtShare(0.7)
            .build();
    TrainingOptions options =
        options(prune).gates(GateOptions.defaults()).epochs(4).dropout(0).build();
    ModelSpec dense = spec("linear", Granularity.BLOCK).withoutGates();
    TrainingResult result = Trainer.builder(dense, options, DATA).validation(HELD).build().train();
    assertThat(result.bestEpoch()).isGreaterThanOrEqualTo(3);
    assertThat(result.history().get(1).validationAccuracy())
        .isGreaterThan(result.validation().orElseThrow().accuracy());
    try (Model model = result.model()) {
      TileMap map = TileMap.of(model.weights().layers().getFirst().projection().weights());
      assertThat(map.liveTiles()).isEqualTo(1);
    }
  }
}
