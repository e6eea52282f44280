package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.audit.Books;
import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRule;
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
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Nothing drawn by lot: each gate rule × form × granularity × kind of exit × with and without light path × precision, in rows with zeros skipped and not, and in batches.
class BooksMatrixTest {
  private static final int INPUTS = 5;
  private static final int ROWS = 2;
  private static final int[] SMALL_BATCHES = {1, 7};
  private static final int LARGE_BATCH = 256;

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

    /// What large batches have with each of the kernels.
    String large() {
      return granularity + " " + exits + " " + hasLightPath;
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
    int inputs = model.spec().inputs();
    float[] rows = TestModels.randomRows(ROWS, inputs, new SplittableRandom(2));
    float[] answer = new float[model.spec().outputs()];
    try (Predictor predictor = Predictor.of(model, FeatureCheck.NONE, meter.kernels(), skipping)) {
      meter.reset();
      for (int row = 0; row < ROWS; row++) {
        predictor.predict(Arrays.copyOfRange(rows, row * inputs, (row + 1) * inputs), answer);
        promised.add(predictor.macs());
      }
    }
    assertBalanced(model, promised, meter, where + " " + skipping);
    return promised;
  }

  /// Small batches with all kernels; of large ones every combination has one of the kernels and precisions in turn, as the nested loops of scalar ones would take a
  /// minute.
  @Test
  void batchesBalance() {
    List<FlopMeter> meters = KernelProvider.all().stream().map(FlopMeter::of).toList();
    Set<String> met = new TreeSet<>();
    Set<String> large = new TreeSet<>();
    for (int index = 0; index < COMBINATIONS.size(); index++) {
      Combination combination = COMBINATIONS.get(index);
      try (Model exact = TestModels.random(combination.spec(), new SplittableRandom(1))) {
        for (WeightPrecision precision : WeightPrecision.values()) {
          try (Model model = exact.withPrecision(precision)) {
            String where = combination + " " + precision;
            for (FlopMeter meter : meters) {
              for (int rows : SMALL_BATCHES) {
                met.add(assertBatchBalances(model, meter, rows, where));
              }
            }
            if (precision == precisionInTurn(index)) {
              FlopMeter inTurn = meters.get((index + index / meters.size()) % meters.size());
              met.add(assertBatchBalances(model, inTurn, LARGE_BATCH, where));
              large.add(inTurn.kernels().name() + " " + combination.large());
            }
          }
        }
      }
    }
    assertEquals(meters.size() * 2 * 2 * Exits.values().length, large.size(), "met " + large);
    int sizes = SMALL_BATCHES.length + 1;
    assertEquals(meters.size() * sizes * WeightPrecision.values().length, met.size(), "met " + met);
  }

  /// Changes with every turn of all kernels, so that each meets each.
  private static WeightPrecision precisionInTurn(int index) {
    WeightPrecision[] precisions = WeightPrecision.values();
    return precisions[(index + index / 12) % precisions.length];
  }

  /// What combinations do not have: gates' weights on outputs, gates of two blocks, sums of several chunks, dead tiles.
  static Stream<Arguments> extras() {
    LayerSpec head = new LayerSpec.Dense(3, 8, Activation.IDENTITY);
    GateRule rule = GateRules.parse("threshold");
    GateForm form = GateForms.parse("linear");
    LayerSpec scaled = gated(new GateSpec(form, Granularity.UNIT, 1, rule, true));
    LayerSpec twoBlocks = gated(new GateSpec(form, Granularity.BLOCK, 2, rule, false));
    LayerSpec plain = gated(new GateSpec(form, Granularity.BLOCK, 1, rule, false));
    return Stream.of(
            Map.entry("scaled outputs", extra(INPUTS, scaled, head)),
            Map.entry("two blocks per gate", extra(INPUTS, twoBlocks, head)),
            Map.entry("long sums", extra(2100, plain, head)),
            Map.entry("dead tiles", extra(100, plain, head)))
        .flatMap(
            extra ->
                KernelProvider.all().stream()
                    .map(kernels -> Arguments.of(extra.getKey(), extra.getValue(), kernels)));
  }

  private static LayerSpec gated(GateSpec gate) {
    return new LayerSpec.Gated(45, 8, Activation.RELU, gate, 2);
  }

  private static ModelSpec extra(int inputs, LayerSpec hidden, LayerSpec head) {
    return ModelSpec.of(inputs, List.of(hidden, hidden, head), OutputForm.SOFTMAX);
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("extras")
  void extrasBalanceInRowsAndBatches(String name, ModelSpec spec, Kernels kernels) {
    FlopMeter meter = FlopMeter.of(kernels);
    SplittableRandom random = new SplittableRandom(4);
    try (Model exact = TestModels.random(spec, random)) {
      boolean hasDeadTiles = name.equals("dead tiles");
      if (hasDeadTiles) {
        TiledPredictorTest.kill(exact, 0.6, random);
      }
      for (WeightPrecision precision : WeightPrecision.values()) {
        try (Model model = exact.withPrecision(precision)) {
          String where = name + " " + precision + " kernels=" + kernels.name();
          MacCount macs = assertRowsBalance(model, meter, ZeroSkipping.OFF, where);
          assertRowsBalance(model, meter, ZeroSkipping.ALWAYS, where);
          assertEquals(hasDeadTiles, macs.skippedAsPrunedMacs() > 0, where);
          for (int rows : SMALL_BATCHES) {
            assertBatchBalances(model, meter, rows, where);
          }
        }
      }
    }
  }

  /// Returns which kernels, batch and precision.
  private static String assertBatchBalances(Model model, FlopMeter meter, int rows, String where) {
    String met = "kernels=" + meter.kernels().name() + " rows=" + rows + " " + model.precision();
    float[] in = TestModels.randomRows(rows, model.spec().inputs(), new SplittableRandom(3));
    try (BatchPredictor predictor =
        BatchPredictor.of(model, rows, FeatureCheck.NONE, meter.kernels())) {
      meter.reset();
      predictor.predict(in, rows, new float[rows * model.spec().outputs()]);
      assertBalanced(model, predictor.macs(), meter, where + " " + met);
    }
    return met;
  }

  private static void assertBalanced(
      Model model, MacCount promised, FlopMeter meter, String where) {
    Books books = Books.of(model, promised, meter);
    assertEquals(List.of(), books.differences(), where);
    assertTrue(promised.executedMacs() > 0, where);
  }
}
