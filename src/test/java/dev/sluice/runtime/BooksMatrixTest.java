package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.audit.Books;
import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Nothing drawn by lot: each gate rule × form × granularity × kind of exit × with and without light path × precision, in rows with zeros skipped and not, and in batches.
class BooksMatrixTest {
  private static final int INPUTS = 5;
  private static final int ROWS = 2;
  private static final int[] BATCHES = {1, 7, 256};

  private enum Exits {
    NONE,
    CONFIDENCE,
    HALTING
  }

  private record Combination(
      String rule, String form, Granularity granularity, Exits exits, boolean hasLightPath) {

    static List<Combination> all() {
      List<Combination> all = new ArrayList<>();
      for (String rule : GateRules.names()) {
        for (String form : GateForms.names()) {
          for (Granularity granularity : Granularity.values()) {
            for (Exits exits : Exits.values()) {
              boolean readsLight = GateForms.parse(form).readsLight();
              all.add(new Combination(rule, form, granularity, exits, true));
              if (!readsLight) {
                all.add(new Combination(rule, form, granularity, exits, false));
              }
            }
          }
        }
      }
      return all;
    }

    /// Last blocks that are not full, of layers, gates and light paths; four gates at least, which some rules open by default.
    ModelSpec spec() {
      String parameter = form.equals("low-rank") || form.equals("two-layer") ? ":3" : "";
      GateForm gateForm = GateForms.parse(form + parameter);
      GateSpec gate = new GateSpec(gateForm, granularity, GateRules.parse(rule));
      LayerSpec hidden = new LayerSpec.Gated(25, 8, Activation.RELU, gate, hasLightPath ? 2 : 0);
      LayerSpec head = new LayerSpec.Dense(3, 8, Activation.IDENTITY);
      if (exits == Exits.NONE) {
        return ModelSpec.of(INPUTS, List.of(hidden, hidden, head), OutputForm.SOFTMAX);
      }
      ExitSpec exit =
          exits == Exits.HALTING
              ? new ExitSpec.Halting(0.4f)
              : new ExitSpec.Confidence(ExitSpec.Measure.MAX_PROBABILITY, 0.5f);
      ExitSpec last = exits == Exits.HALTING ? exit : null;
      List<LayerSpec> layers = List.of(hidden, head);
      return new ModelSpec(
          INPUTS,
          List.of(
              new StageSpec(FeatureSelection.all(), false, layers, exit),
              new StageSpec(FeatureSelection.all(), true, layers, last)),
          OutputForm.SOFTMAX);
    }
  }

  private static final List<Combination> COMBINATIONS = Combination.all();

  @Test
  void allRulesAndFormsAreThere() {
    assertEquals(6, GateRules.names().size());
    assertEquals(5, GateForms.names().size());
    // light gates have a light path, all others are there without one too
    assertEquals(6 * (5 + 4) * 2 * 3, COMBINATIONS.size());
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void rowsBalanceWithZerosSkippedAndNot(Kernels kernels) {
    FlopMeter meter = FlopMeter.of(kernels);
    long skipped = 0;
    for (Combination combination : COMBINATIONS) {
      try (Model exact = TestModels.random(combination.spec(), new SplittableRandom(1))) {
        for (WeightPrecision precision : WeightPrecision.values()) {
          try (Model model = exact.withPrecision(precision)) {
            assertRowsBalance(model, meter, ZeroSkipping.OFF, combination + " " + precision);
            MacCount macs =
                assertRowsBalance(model, meter, ZeroSkipping.ALWAYS, combination + " " + precision);
            skipped += macs.skippedAsZeroMacs();
          }
        }
      }
    }
    assertTrue(skipped > 0);
  }

  private static MacCount assertRowsBalance(
      Model model, FlopMeter meter, ZeroSkipping skipping, String where) {
    MacCounter promised = new MacCounter(model.spec().layers().size());
    float[] rows = TestModels.randomRows(ROWS, INPUTS, new SplittableRandom(2));
    float[] answer = new float[model.spec().outputs()];
    try (Predictor predictor = Predictor.of(model, FeatureCheck.NONE, meter.kernels(), skipping)) {
      meter.reset();
      for (int row = 0; row < ROWS; row++) {
        predictor.predict(Arrays.copyOfRange(rows, row * INPUTS, (row + 1) * INPUTS), answer);
        promised.add(predictor.macs());
      }
    }
    assertBalanced(model, promised, meter, where + " " + skipping);
    return promised;
  }

  /// Every batch size with every combination and precision; kernels take turns, as the nested loops of scalar ones would take a minute.
  @Test
  void batchesBalance() {
    List<Kernels> all = KernelProvider.all();
    List<FlopMeter> meters = all.stream().map(FlopMeter::of).toList();
    int turn = 0;
    for (Combination combination : COMBINATIONS) {
      try (Model exact = TestModels.random(combination.spec(), new SplittableRandom(1))) {
        for (WeightPrecision precision : WeightPrecision.values()) {
          try (Model model = exact.withPrecision(precision)) {
            for (int rows : BATCHES) {
              FlopMeter meter = meters.get(turn++ % meters.size());
              assertBatchBalances(model, meter, rows, combination + " " + precision);
            }
          }
        }
      }
    }
    assertEquals(COMBINATIONS.size() * WeightPrecision.values().length * BATCHES.length, turn);
  }

  private static void assertBatchBalances(Model model, FlopMeter meter, int rows, String where) {
    float[] in = TestModels.randomRows(rows, INPUTS, new SplittableRandom(3));
    try (BatchPredictor predictor =
        BatchPredictor.of(model, rows, FeatureCheck.NONE, meter.kernels())) {
      meter.reset();
      predictor.predict(in, rows, new float[rows * model.spec().outputs()]);
      assertBalanced(
          model,
          predictor.macs(),
          meter,
          where + " rows=" + rows + " kernels=" + meter.kernels().name());
    }
  }

  private static void assertBalanced(
      Model model, MacCount promised, FlopMeter meter, String where) {
    Books books = Books.of(model, promised, meter);
    assertEquals(List.of(), books.differences(), where);
    assertTrue(promised.executedMacs() > 0, where);
  }
}
