package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.account.MacCount;
import dev.sluice.account.StepMacs;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.audit.TrainingAudit;
import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.meter.ElementwiseKind;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What steps of trainings are said to execute against what was counted in their kernels: random networks, gates, stages, options; and that an account which is wrong is
/// found out.
class StepBooksTest {
  /// Of two steps each; with four implementations of kernels 240 steps.
  private static final int TRAININGS = 30;

  private static final int STEPS = 2;

  static Stream<Kernels> implementations() {
    return KernelProvider.all().stream();
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void stepsOfRandomTrainingsBalance(Kernels kernels) {
    Set<String> seen = new TreeSet<>();
    for (long seed = 1; seed <= TRAININGS; seed++) {
      // other seeds for other kernels, as what is opened does not depend on them
      RandomTraining training = RandomTraining.of(1000L * kernels.vectorBits() + seed);
      for (BookEntry entry : balanced(training, kernels).entries()) {
        if (entry.promisedMacs() > 0) {
          seen.add(entry.kind() + " " + entry.pass());
        }
        if (entry.paddingMacs() > 0) {
          seen.add("padding " + entry.pass());
        }
      }
    }
    assertThat(seen).hasSize((MacCount.Kind.values().length + 1) * StepMacs.Pass.values().length);
  }

  /// Guards the test above against drawing from less than there is.
  @Test
  void randomTrainingsHaveEveryRuleFormOptimizerAndExit() {
    Set<String> seen = new TreeSet<>();
    Set<String> expected = new TreeSet<>(GateRules.names());
    expected.addAll(GateForms.names());
    expected.addAll(List.of("BLOCK", "UNIT", "scaled", "light", "closed", "halting", "confidence"));
    expected.addAll(List.of("AdamW", "nesterov=false", "nesterov=true", "batch=1", "batch=48"));
    for (Kernels kernels : KernelProvider.all()) {
      for (long seed = 1; seed <= TRAININGS; seed++) {
        describe(RandomTraining.of(1000L * kernels.vectorBits() + seed), seen);
      }
    }
    assertThat(seen).containsAll(expected);
  }

  private static void describe(RandomTraining training, Set<String> seen) {
    TrainingOptions options = training.options();
    seen.add("batch=" + options.batchSize());
    String text = options.optimizer() + " " + training.spec().stages();
    for (String word :
        List.of("AdamW", "nesterov=false", "nesterov=true", "Halting", "Confidence")) {
      if (text.contains(word)) {
        seen.add(word.equals("Halting") || word.equals("Confidence") ? lower(word) : word);
      }
    }
    for (LayerSpec layer : training.spec().layers()) {
      if (layer instanceof LayerSpec.Gated gated) {
        seen.add(gated.gate().rule().name());
        seen.add(gated.gate().form().name());
        seen.add(gated.gate().granularity().name());
        seen.add(gated.gate().scalesOutput() ? "scaled" : "plain");
        seen.add(gated.lightRank() > 0 ? "light" : "dark");
        boolean learns = gated.gate().rule().learnsFromClosedGates();
        seen.add(options.gates().closedBlockGradient() && learns ? "closed" : "open");
      }
    }
  }

  private static String lower(Enum<?> constant) {
    return lower(constant.name());
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static Books balanced(RandomTraining training, Kernels kernels) {
    try (Model model = training.model()) {
      TrainingAudit audit =
          TrainingAudit.of(model, training.options(), training.rows(), STEPS, kernels, 1);
      assertThat(audit.differences()).as("%s, kernels=%s", training, kernels).isEmpty();
      assertThat(audit.isBalanced()).isTrue();
      assertDensePartsAddUp(training.spec(), audit, training.toString());
      return audit.books();
    }
  }

  /// What is executed of a layer's own product and what gates leave out is the dense product, in every pass.
  private static void assertDensePartsAddUp(ModelSpec spec, TrainingAudit audit, String where) {
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      long dense = audit.rows() * spec.layers().get(layer).units() * spec.layerInputs(layer);
      for (StepMacs.Pass pass : StepMacs.Pass.values()) {
        MacCount count = audit.promised().of(pass);
        boolean exists = pass != StepMacs.Pass.INPUT_GRADIENT || !spec.sources(layer).isEmpty();
        assertThat(count.panelMacs(layer) + count.skippedByGateMacs(layer))
            .as("layer=%d, pass=%s, %s", layer, pass, where)
            .isEqualTo(exists ? dense : 0);
      }
    }
  }

  /// 5 → 20 → 3 in blocks of 8, seven rows; transposed panels of 32 inputs.
  @ParameterizedTest
  @MethodSource("implementations")
  void aStepOfADenseNetworkIsAsCountedByHand(Kernels kernels) {
    ModelSpec spec = ModelSpec.dense(List.of(5, 20, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    Dataset rows = TestData.clouds(7, 5, 3, 1);
    TrainingOptions options = TrainingOptions.builder().batchSize(7).build();
    RandomTraining training = new RandomTraining(spec, options, rows, 1);
    try (Model model = training.model()) {
      TrainingAudit audit = TrainingAudit.of(model, options, rows, 1, kernels, 1);
      List<String> entries =
          audit.books().entries().stream()
              .map(
                  entry ->
                      "%d %s %d + %d = %d"
                          .formatted(
                              entry.layer(),
                              lower(entry.pass()),
                              entry.promisedMacs(),
                              entry.paddingMacs(),
                              entry.measured().macs()))
              .toList();
      assertThat(entries)
          .containsExactly(
              "0 forward 700 + 140 = 840",
              "1 forward 420 + 700 = 1120",
              "0 weight_gradient 700 + 140 = 840",
              "1 weight_gradient 420 + 700 = 1120",
              "1 input_gradient 420 + 1372 = 1792");
      assertThat(audit.promised().executedMacs()).isEqualTo(700 + 420 + 700 + 420 + 420);
      assertThat(audit.rows()).isEqualTo(7);
    }
  }

  /// Sums in several chunks, over inputs going forward and over units going back.
  @ParameterizedTest
  @MethodSource("implementations")
  void longSumsBalance(Kernels kernels) {
    for (String rule : List.of("", "threshold", "top-k:k=9")) {
      List<LayerSpec> layers = new ArrayList<>();
      layers.add(new LayerSpec.Dense(9, 8, Activation.TANH));
      layers.add(
          rule.isEmpty()
              ? new LayerSpec.Dense(2100, 64, Activation.RELU)
              : new LayerSpec.Gated(
                  2100,
                  64,
                  Activation.RELU,
                  new GateSpec(
                      GateForms.parse("linear"), Granularity.BLOCK, GateRules.parse(rule))));
      layers.add(new LayerSpec.Dense(3, 8, Activation.IDENTITY));
      ModelSpec spec = ModelSpec.of(2500, layers, OutputForm.SOFTMAX);
      TrainingOptions options = TrainingOptions.builder().batchSize(5).build();
      balanced(new RandomTraining(spec, options, TestData.clouds(7, 2500, 3, 1), 1), kernels);
    }
  }

  @Test
  void threadsChangeNoCount() {
    for (long seed = 1; seed <= 6; seed++) {
      RandomTraining training = RandomTraining.of(seed);
      for (Kernels kernels :
          List.of(KernelProvider.all().getFirst(), KernelProvider.all().getLast())) {
        try (Model model = training.model()) {
          TrainingAudit alone =
              TrainingAudit.of(model, training.options(), training.rows(), STEPS, kernels, 1);
          TrainingAudit together =
              TrainingAudit.of(model, training.options(), training.rows(), STEPS, kernels, 2);
          assertThat(together.differences()).as(training.toString()).isEmpty();
          assertThat(together.books()).as(training.toString()).isEqualTo(alone.books());
          assertThat(together.elementFlops()).isEqualTo(alone.elementFlops());
        }
      }
    }
  }

  @Test
  void deadTilesAreMultipliedLikeOthers() {
    ModelSpec spec =
        ModelSpec.dense(List.of(100, 40, 24, 4), 8, Activation.RELU, OutputForm.SOFTMAX);
    for (StructuralPlasticity plasticity :
        List.of(
            StructuralPlasticity.magnitude(0.3).pruneAtShare(0).build(),
            StructuralPlasticity.rigl(0.3).everySteps(1).untilShare(1).build())) {
      TrainingOptions options =
          TrainingOptions.builder().batchSize(16).epochs(3).plasticity(plasticity).build();
      RandomTraining training =
          new RandomTraining(spec, options, TestData.clouds(40, 100, 4, 3), 1);
      Books books = balanced(training, KernelProvider.all().getLast());
      long inputs = books.entries().getFirst().promisedMacs();
      assertThat(inputs).isEqualTo(32L * 40 * 100);
    }
  }

  @Test
  void narrowModelsAreTrainedAsTheirF32CopiesAre() {
    RandomTraining training = RandomTraining.of(1);
    Kernels kernels = KernelProvider.all().getLast();
    try (Model exact = training.model();
        Model narrow = exact.withPrecision(WeightPrecision.BF16)) {
      assertThat(
              TrainingAudit.of(narrow, training.options(), training.rows(), 1, kernels, 1)
                  .differences())
          .isEmpty();
    }
  }

  @Test
  void aCopyIsTrainedAndTheModelStaysAsItIs() {
    RandomTraining training = RandomTraining.of(1);
    try (Model model = training.model();
        TrainStepProbe probe =
            TrainStepProbe.of(
                model, training.options(), training.rows(), KernelProvider.kernels())) {
      MemorySegment own = model.weights().layers().getFirst().projection().weights().segment();
      MemorySegment trained =
          probe.panels(StepMacs.Pass.FORWARD, 0, MacCount.Kind.PANEL).getFirst().segment();
      float[] before = own.toArray(ValueLayout.JAVA_FLOAT);
      assertThat(trained.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(before);
      probe.step();
      assertThat(trained.toArray(ValueLayout.JAVA_FLOAT)).isNotEqualTo(before);
      assertThat(own.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(before);
    }
  }

  /// All steps from the weights that a training starts with leave the weights that it ends with.
  @Test
  void stepsAreThoseOfATraining() {
    for (long seed = 1; seed <= 4; seed++) {
      RandomTraining random = RandomTraining.of(seed);
      TrainingOptions options = random.options().toBuilder().validationShare(0).build();
      try (Arena arena = Arena.ofShared();
          Model trained =
              Trainer.builder(random.spec(), options, random.rows()).build().train().model()) {
        Weights initial = Weights.allocate(arena, random.spec());
        Initializer.initialize(random.spec(), options, initial);
        Model untrained = new Model(random.spec(), initial, Map.of(), arena);
        try (TrainStepProbe probe =
            TrainStepProbe.of(untrained, options, random.rows(), KernelProvider.kernels())) {
          for (long step = 0; step < probe.totalSteps(); step++) {
            probe.step();
          }
          assertThatThrownBy(probe::step).hasMessageContaining("no more steps");
          for (int layer = 0; layer < random.spec().layers().size(); layer++) {
            Panels expected = trained.weights().layers().get(layer).projection().weights();
            Panels actual =
                probe.panels(StepMacs.Pass.FORWARD, layer, MacCount.Kind.PANEL).getFirst();
            assertThat(actual.segment().mismatch(expected.segment()))
                .as("%s", random)
                .isEqualTo(-1);
          }
        }
      }
    }
  }

  @Test
  void whatIsNoProductIsMeasuredByWhatItIsFor() {
    ModelSpec spec = ModelSpec.dense(List.of(5, 24, 8), 8, Activation.TANH, OutputForm.SOFTMAX);
    Dataset rows = TestData.clouds(7, 5, 8, 1);
    TrainingOptions options =
        TrainingOptions.builder()
            .batchSize(7)
            .optimizer(new OptimizerOptions.Sgd(0.9, false, 0))
            .build();
    try (Model model = new RandomTraining(spec, options, rows, 1).model()) {
      TrainingAudit audit =
          TrainingAudit.of(model, options, rows, 1, KernelProvider.all().getFirst(), 1);
      assertThat(audit.elementFlops().values()).allMatch(flops -> flops > 0);
      // of whole cache lines: weights of 6 and 24 inputs, biases of 32 and 16 units; one product
      // and three fused multiply-adds each
      long parameters = 6 * 24 + 24 * 8 + 32 + 16;
      assertThat(audit.elementFlops()).containsEntry(ElementwiseKind.OPTIMIZER, 7 * parameters);
    }
  }
}
