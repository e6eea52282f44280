package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.account.MacCount;
import dev.sluice.account.StepMacs;
import dev.sluice.audit.Books;
import dev.sluice.data.Dataset;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One step of a network that has products of every kind, and accounts of it that are wrong in one place.
class WrongStepAccountTest {
  private static final TrainingOptions OPTIONS = TrainingOptions.builder().batchSize(20).build();
  private static final Dataset ROWS = TestData.clouds(20, 30, 5, 1);

  private final FlopMeter meter = FlopMeter.of(KernelProvider.all().getLast());
  private Model model;
  private TrainStepProbe probe;
  private StepMacs honest;

  /// Two halting stages; gated layers with a light path, with two products in the gate, and 26 units in blocks of 8.
  private static ModelSpec spec() {
    GateSpec gate =
        new GateSpec(
            GateForms.parse("two-layer:5"), Granularity.BLOCK, GateRules.parse("threshold"));
    ExitSpec exit = new ExitSpec.Halting(0.1f);
    LayerSpec hidden = new LayerSpec.Gated(26, 8, Activation.RELU, gate, 3);
    LayerSpec head = new LayerSpec.Dense(5, 8, Activation.IDENTITY);
    FeatureSelection all = FeatureSelection.all();
    return new ModelSpec(
        30,
        List.of(
            new StageSpec(all, false, List.of(hidden, head), exit),
            new StageSpec(all, true, List.of(hidden, hidden, head), exit)),
        OutputForm.SOFTMAX);
  }

  @BeforeEach
  void trainOneStep() {
    model = new RandomTraining(spec(), OPTIONS, ROWS, 1).model();
    probe = TrainStepProbe.of(model, OPTIONS, ROWS, meter.kernels());
    meter.reset();
    probe.step();
    honest = probe.macs();
    assertThat(Books.of(probe::panels, honest, meter).differences()).isEmpty();
  }

  @AfterEach
  void close() {
    probe.close();
    model.close();
  }

  @Test
  void aProductLeftOutOfAPassAndOneMacTooManyOrTooFewAreNamed() {
    int checked = 0;
    for (StepMacs.Pass pass : StepMacs.Pass.values()) {
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        for (int layer = 0; layer < honest.layers(); layer++) {
          long macs = honest.of(pass).macs(kind, layer);
          if (macs > 0) {
            assertNamed(pass, kind, layer, -macs, 0);
            assertNamed(pass, kind, layer, -1, 0);
            assertNamed(pass, kind, layer, 1, 0);
            checked++;
          }
        }
      }
    }
    // 5 layers, 3 of them with gate and light path, 2 with a halting unit: two passes; and back to
    // inputs, of all but the first products of the two layers that read features
    assertThat(checked).isEqualTo(2 * (5 + 3 + 3 + 2) + (3 + 3 + 3 + 2));
  }

  @Test
  void paddingForgottenInAPassIsNamed() {
    int checked = 0;
    for (StepMacs.Pass pass : StepMacs.Pass.values()) {
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        for (int layer = 0; layer < honest.layers(); layer++) {
          long padding = honest.of(pass).paddingMacs(kind, layer);
          if (padding > 0) {
            assertNamed(pass, kind, layer, 0, -padding);
            checked++;
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(20);
  }

  /// Units' MACs told to be padding, and the other way round. Of gradients of inputs only where less padding is left than lanes of no input came to.
  @Test
  void macsToldToBePaddingAreNamed() {
    int checked = 0;
    for (StepMacs.Pass pass : List.of(StepMacs.Pass.FORWARD, StepMacs.Pass.WEIGHT_GRADIENT)) {
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        for (int layer = 0; layer < honest.layers(); layer++) {
          long macs = honest.of(pass).macs(kind, layer);
          if (macs > 0) {
            assertNamed(pass, kind, layer, -1, 1);
            assertNamed(pass, kind, layer, 1, -1);
            assertNamed(pass, kind, layer, -macs, macs);
            checked++;
          }
        }
      }
    }
    assertThat(checked).isEqualTo(2 * (5 + 3 + 3 + 2));
    MacCount back = honest.of(StepMacs.Pass.INPUT_GRADIENT);
    long padding = back.paddingMacs(MacCount.Kind.PANEL, 1);
    assertThat(padding).isPositive();
    assertNamed(StepMacs.Pass.INPUT_GRADIENT, MacCount.Kind.PANEL, 1, padding, -padding);
  }

  /// A gate's second product alone, in the pass to its inputs.
  @Test
  void oneOfSeveralProductsOfAKindLeftOutIsNamed() {
    int gates = ((LayerSpec.Gated) spec().layers().getFirst()).gates();
    long second = (long) OPTIONS.batchSize() * gates * 5;
    assertThat(honest.of(StepMacs.Pass.INPUT_GRADIENT).gateMacs(0)).isEqualTo(second);
    assertNamed(StepMacs.Pass.FORWARD, MacCount.Kind.GATE, 0, -second, 0);
  }

  @Test
  void aPassThatDoesNotExistIsNamed() {
    assertNamed(StepMacs.Pass.INPUT_GRADIENT, MacCount.Kind.PANEL, 0, 1, 0);
    assertNamed(StepMacs.Pass.FORWARD, MacCount.Kind.EXIT, 0, 1, 0);
  }

  @Test
  void productsThatBelongToNoLayerAreFound() {
    long before = meter.ofAllProducts().macs();
    try (TrainStepProbe other = TrainStepProbe.of(model, OPTIONS, ROWS, meter.kernels())) {
      other.step();
      StepMacs foreign = other.macs();
      Books books = Books.of(probe::panels, honest, meter);
      assertThat(books.isBalanced()).isFalse();
      assertThat(books.unattributedMacs())
          .isEqualTo(foreign.executedMacs() + foreign.paddingMacs())
          .isEqualTo(meter.ofAllProducts().macs() - before);
      assertThat(books.differences()).hasSize(1);
    }
  }

  private void assertNamed(
      StepMacs.Pass pass, MacCount.Kind kind, int layer, long macs, long padding) {
    StepMacs wrong = new StepMacs(honest.layers());
    wrong.add(honest);
    wrong.of(pass).add(kind, layer, macs, padding);
    Books books = Books.of(probe::panels, wrong, meter);
    assertThat(books.isBalanced()).isFalse();
    assertThat(books.differences()).hasSize(1);
    assertThat(books.differences().getFirst())
        .startsWith(
            "layer=%d, kind=%s, pass=%s,"
                .formatted(
                    layer,
                    kind.name().toLowerCase(Locale.ROOT),
                    pass.name().toLowerCase(Locale.ROOT)));
  }
}
