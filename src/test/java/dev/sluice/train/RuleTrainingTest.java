package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.GateHealth;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole trainings by every rule, on five clouds of points.
class RuleTrainingTest {
  private static final Dataset DATA = TestData.clouds(600, 20, 5, 8);

  @TempDir Path folder;

  private static ModelSpec spec(String rule, boolean scales, int blocksPerGate) {
    GateSpec gate =
        new GateSpec(
            GateForms.parse("linear"),
            Granularity.BLOCK,
            blocksPerGate,
            GateRules.parse(rule),
            scales);
    return ModelSpec.gated(List.of(20, 64, 5), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
  }

  private static TrainingOptions.Builder options(int epochs) {
    return TrainingOptions.builder().epochs(epochs).batchSize(50).seed(4);
  }

  private static Trainer.Builder trainer(ModelSpec spec, TrainingOptions options) {
    return Trainer.builder(spec, options, DATA);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-k:k=3",
        "bernoulli:baseline=leave-one-out",
        "bernoulli:baseline=running-mean",
        "bernoulli:at=sample",
        "noisy-top-k:k=2",
        "switch"
      })
  void everyRuleLearnsWithTheSameBitsOnAnyNumberOfThreads(String rule) {
    ModelSpec spec = spec(rule, rule.startsWith("noisy") || rule.equals("switch"), 2);
    TrainingResult one = trainer(spec, options(8).build()).build().train();
    List<EpochRecord> history = one.history();
    assertThat(history.getLast().trainingLoss())
        .isLessThan(0.6 * history.getFirst().trainingLoss());
    List<float[]> expected = tensors(one);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Trainer trainer = trainer(spec, options(8).build()).executor(executor, 3).build();
      List<float[]> actual = tensors(trainer.train());
      for (int index = 0; index < expected.size(); index++) {
        assertThat(actual.get(index)).isEqualTo(expected.get(index));
      }
    }
  }

  @Test
  void aFixedNumberOfGatesIsOpenForEveryRow() {
    ModelSpec spec = spec("top-k:k=3", false, 1);
    TrainingResult result = trainer(spec, options(2).build()).build().train();
    try (Model model = result.model();
        Predictor predictor = Predictor.of(model)) {
      GateHealth health = GateSurvey.of(predictor, DATA);
      assertThat(health.rows()).isEqualTo(600);
      assertThat(health.ratioMean()).isCloseTo(3 / 8.0, Offset.offset(1e-12));
      assertThat(health.ratioStdDev()).isCloseTo(0, Offset.offset(1e-12));
      assertThat(result.history().getLast().gateRatioMean()).isEqualTo(3 / 8.0);
      double opened =
          health.layers().getFirst().usage().stream().mapToDouble(Double::doubleValue).sum();
      assertThat(opened).isCloseTo(3, Offset.offset(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"top-k:k=2", "switch", "noisy-top-k:k=2", "bernoulli:at=top,k=2"})
  void aBudgetForAFixedNumberOfGatesIsRefused(String rule) {
    GateOptions gates = GateOptions.builder().macBudget(0.5).build();
    TrainingOptions options = options(1).gates(gates).build();
    assertThatThrownBy(() -> trainer(spec(rule, false, 1), options).build().train())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budget=0.5, rules=[" + rule.substring(0, rule.indexOf(':') + 1));
  }

  @Test
  void aPolicyMeetsABudget() {
    GateOptions gates = GateOptions.builder().macBudget(0.6).build();
    ModelSpec spec = spec("bernoulli", false, 1);
    TrainingOptions options =
        options(20).learningRate(LearningRate.constant(0.01)).gates(gates).build();
    TrainingResult result = trainer(spec, options).build().train();
    result.model().close();
    double trained = result.history().getLast().trainingRelativeMacs();
    assertThat(trained).as("as drawn in training").isBetween(0.5, 0.7);
    assertThat(result.validation().orElseThrow().relativeMacs()).isBetween(0.55, 0.65);
  }

  @Test
  void blockSharesPullAPolicyToItsTarget() {
    List<UsagePenalty> terms =
        List.of(
            new UsagePenalty(UsagePenalty.Kind.BLOCK_SHARE, 5, 0.25),
            new UsagePenalty(UsagePenalty.Kind.ROW_SHARE, 5, 0.25));
    GateOptions gates = GateOptions.builder().penalties(terms).build();
    ModelSpec spec = spec("bernoulli", false, 1);
    TrainingOptions options =
        options(30).learningRate(LearningRate.constant(0.01)).gates(gates).build();
    TrainingResult result = trainer(spec, options).build().train();
    result.model().close();
    EpochRecord last = result.history().getLast();
    double gateMacs = 20 * 8;
    double dense = 20 * 64 + 64 * 5;
    assertThat(last.trainingRelativeMacs() - gateMacs / dense)
        .as("share of blocks drawn in training")
        .isCloseTo(0.25, Offset.offset(0.06));
  }

  @Test
  void whatDoesNotFitACapacityIsDroppedInTrainingAndCounted() {
    TrainingResult tight =
        trainer(spec("switch:capacity=0.5", true, 2), options(1).build()).build().train();
    TrainingResult ample =
        trainer(spec("switch:capacity=4", true, 2), options(1).build()).build().train();
    tight.model().close();
    ample.model().close();
    // four experts, ⌈0.5·50/4⌉ = 7 rows each of 50
    assertThat(tight.history().getFirst().takenBackPerRow()).isBetween(1 - 28 / 50.0, 1.0);
    assertThat(ample.history().getFirst().takenBackPerRow()).isZero();
    assertThat(tight.history().getFirst().gateRatioMean()).as("not when evaluated").isEqualTo(0.25);
  }

  /// 11 steps an epoch; the running mean would start anew if it were not kept.
  @Test
  void aRunningMeanIsResumed() {
    ModelSpec spec = spec("bernoulli:baseline=running-mean", false, 1);
    List<float[]> expected = tensors(trainer(spec, options(2).build()).build().train());
    Path path = folder.resolve("checkpoint");
    Trainer[] interrupted = new Trainer[1];
    TrainingListener cancelling =
        new TrainingListener() {
          @Override
          public void stepDone(StepRecord record) {
            if (record.step() == 5) {
              interrupted[0].cancel();
            }
          }
        };
    interrupted[0] =
        trainer(spec, options(2).build()).listener(cancelling).checkpoint(path, 1000).build();
    interrupted[0].train().model().close();
    List<float[]> resumed =
        tensors(trainer(spec, options(2).build()).resumeFrom(path).build().train());
    for (int index = 0; index < expected.size(); index++) {
      assertThat(resumed.get(index)).isEqualTo(expected.get(index));
    }
  }

  @Test
  void noisyTopKStartsAtZeroInWeightsAndNoise() {
    ModelSpec spec = spec("noisy-top-k:k=2", true, 1);
    try (StepFixture step = new StepFixture(spec, options(1).build(), DATA)) {
      var gate = step.state.weights.layers().getFirst().gate().getFirst();
      assertThat(gate.spec().units()).isEqualTo(16);
      assertThat(gate.weights().segment().toArray(ValueLayout.JAVA_FLOAT)).containsOnly(0f);
    }
  }

  /// What rules like REINFORCE cannot learn from is not computed.
  @Test
  void closedBlocksAreComputedOnlyForRulesThatLearnFromThem() {
    for (String rule : List.of("threshold", "top-k:k=2", "bernoulli", "switch")) {
      try (StepFixture step = new StepFixture(spec(rule, false, 1), options(1).build(), DATA)) {
        step.forward(true, 0);
        GatePass gate = step.state.network.layers().getFirst().gate();
        boolean learns = rule.startsWith("t");
        assertThat(gate.computesClosed()).as(rule).isEqualTo(learns);
        step.forward(false, 0);
        assertThat(gate.computesClosed()).isFalse();
      }
    }
  }
}
