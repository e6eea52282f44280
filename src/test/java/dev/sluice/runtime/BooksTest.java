package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.PrecisionsOfKernels;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What predictors say they executed against what was counted in their kernels: random networks, gates, stages, dead tiles, rows; and that an account which is
/// wrong is found out.
class BooksTest {
  private static final int SEEDS = 250;
  private static final int SEEDS_OF_EACH_WIDTH = 16;
  private static final int ROWS = 4;

  /// 500 networks, half of them with each of two implementations; every third has a budget.
  @Test
  void rowsOfRandomNetworksBalance() {
    List<Kernels> all = KernelProvider.all();
    Map<MacCount.Kind, Long> seen = new EnumMap<>(MacCount.Kind.class);
    Set<Long> seeds = new HashSet<>();
    long padding = 0;
    for (Kernels kernels : List.of(all.getFirst(), all.getLast())) {
      for (int turn = 0; turn < SEEDS; turn++) {
        WeightPrecision[] precisions = WeightPrecision.values();
        WeightPrecision precision = precisions[turn % precisions.length];
        long seed = 1 + turn + (kernels == all.getFirst() ? 0 : SEEDS);
        seeds.add(seed);
        for (BookEntry entry : balancedRows(kernels, precision, seed)) {
          seen.merge(entry.kind(), entry.measured().macs(), Long::sum);
          padding += entry.paddingMacs();
        }
      }
    }
    assertEquals(500, seeds.size());
    for (MacCount.Kind kind : MacCount.Kind.values()) {
      assertTrue(seen.getOrDefault(kind, 0L) > 0, kind + " never ran");
    }
    assertTrue(padding > 0);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void rowsBalanceInEveryWidthAndPrecision(Kernels kernels, WeightPrecision precision) {
    for (long seed = 1; seed <= SEEDS_OF_EACH_WIDTH; seed++) {
      balancedRows(kernels, precision, 1000 + seed);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void batchesBalanceInEveryWidthAndPrecision(Kernels kernels, WeightPrecision precision) {
    for (long seed = 1; seed <= SEEDS_OF_EACH_WIDTH; seed++) {
      SplittableRandom random = new SplittableRandom(2000 + seed);
      try (Model exact = randomModel(random);
          Model model = exact.withPrecision(precision)) {
        int rows = random.nextInt(1, 30);
        FlopMeter meter = FlopMeter.of(kernels);
        float[] in = TestModels.randomRows(rows, model.spec().inputs(), random);
        float[] out = new float[rows * model.spec().outputs()];
        try (BatchPredictor predictor =
            BatchPredictor.of(model, rows, FeatureCheck.NONE, meter.kernels())) {
          meter.reset();
          predictor.predict(in, rows, out);
          assertBalanced(Books.of(model, predictor.macs(), meter), "seed=" + seed);
        }
      }
    }
  }

  /// Any one product of any one layer, left out of the account, told short by one MAC, or told to be padding.
  @Test
  void anAccountThatLeavesOutAProductFailsAndNamesItsLayer() {
    FlopMeter meter = FlopMeter.of(KernelProvider.all().getFirst());
    try (Model model = TestModels.random(gatedSpec(), new SplittableRandom(1))) {
      MacCount honest = answer(model, meter, ZeroSkipping.OFF, new SplittableRandom(2));
      assertBalanced(Books.of(model, honest, meter), "honest");
      for (int layer = 0; layer < honest.layers(); layer++) {
        for (MacCount.Kind kind : MacCount.Kind.values()) {
          long macs = honest.macs(kind, layer);
          if (macs > 0) {
            assertFound(model, meter, honest, kind, layer, -macs, 0);
            assertFound(model, meter, honest, kind, layer, -1, 0);
            assertFound(model, meter, honest, kind, layer, 1, 0);
            assertFound(model, meter, honest, kind, layer, -1, 1);
            assertFound(model, meter, honest, kind, layer, 1, -1);
            assertFound(model, meter, honest, kind, layer, -macs, macs);
          }
        }
      }
    }
  }

  @Test
  void anAccountThatForgetsPaddingFailsAndNamesItsLayer() {
    FlopMeter meter = FlopMeter.of(KernelProvider.all().getLast());
    try (Model model = TestModels.random(gatedSpec(), new SplittableRandom(1))) {
      MacCount honest = answer(model, meter, ZeroSkipping.OFF, new SplittableRandom(2));
      long padding = honest.paddingMacs(MacCount.Kind.PANEL, 2);
      assertTrue(padding > 0);
      assertFound(model, meter, honest, MacCount.Kind.PANEL, 2, 0, -padding);
    }
  }

  @Test
  void weightsThatAreNoneOfTheModelsAreFound() {
    FlopMeter meter = FlopMeter.of(KernelProvider.all().getFirst());
    try (Model model = TestModels.random(gatedSpec(), new SplittableRandom(1));
        Model other = TestModels.random(gatedSpec(), new SplittableRandom(1))) {
      MacCount promised = answer(model, meter, ZeroSkipping.OFF, new SplittableRandom(2));
      long before = meter.ofAllProducts().macs();
      MacCounter foreign = new MacCounter(promised.layers());
      try (Predictor predictor =
          Predictor.of(other, FeatureCheck.NONE, meter.kernels(), ZeroSkipping.OFF)) {
        predictor.predict(new float[30], new float[5]);
        foreign.add(predictor.macs());
      }
      Books books = Books.of(model, promised, meter);
      assertTrue(meter.ofAllProducts().macs() > before);
      assertFalse(books.isBalanced());
      assertEquals(foreign.executedMacs() + foreign.paddingMacs(), books.unattributedMacs());
    }
  }

  private static void assertFound(
      Model model,
      FlopMeter meter,
      MacCount honest,
      MacCount.Kind kind,
      int layer,
      long macs,
      long padding) {
    MacCounter wrong = new MacCounter(honest.layers());
    wrong.add(honest);
    wrong.add(kind, layer, macs, padding);
    Books books = Books.of(model, wrong, meter);
    assertFalse(books.isBalanced());
    assertEquals(1, books.differences().size());
    String difference = books.differences().getFirst();
    assertTrue(
        difference.startsWith("layer=" + layer + ", kind=" + kind.name().toLowerCase(Locale.ROOT)),
        difference);
  }

  /// Two gated layers, one with a light path, and five units in a block of eight.
  private static ModelSpec gatedSpec() {
    GateSpec gate =
        new GateSpec(new LinearGate(), Granularity.BLOCK, 1, new ThresholdRule(1f, 0.5f, 1), false);
    return ModelSpec.of(
        30,
        List.of(
            new LayerSpec.Gated(64, 16, Activation.RELU, gate, 3),
            new LayerSpec.Gated(64, 16, Activation.RELU, gate, 0),
            new LayerSpec.Dense(5, 8, Activation.IDENTITY)),
        OutputForm.SOFTMAX);
  }

  /// A cap halfway between the least a row can cost and a row's dense MACs binds.
  @Test
  void budgetsOfRandomNetworksCloseGates() {
    int closing = 0;
    for (long seed = 1; seed <= SEEDS_OF_EACH_WIDTH; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      try (Model model = randomModel(random)) {
        float[] row = TestModels.randomRows(1, model.spec().inputs(), random);
        closing +=
            structural(model, row, halfway(model)) < structural(model, row, Budget.none()) ? 1 : 0;
      }
    }
    assertTrue(closing > 0);
  }

  private static long structural(Model model, float[] row, Budget budget) {
    try (Predictor predictor = Predictor.of(model)) {
      predictor.budget(budget);
      predictor.predict(row, new float[model.spec().outputs()]);
      return predictor.macs().structuralMacs();
    }
  }

  /// Of a network that can cost nothing, half of its dense MACs.
  private static Budget halfway(Model model) {
    long smallest = 0;
    try (Predictor predictor = Predictor.of(model)) {
      predictor.budget(Budget.mostMacs(0));
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      smallest = Long.parseLong(message.substring(message.lastIndexOf('=') + 1));
    }
    return Budget.mostMacs(Math.max(smallest, (smallest + model.spec().denseMacs()) / 2));
  }

  private static List<BookEntry> balancedRows(
      Kernels kernels, WeightPrecision precision, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String where = "seed=" + seed + ", kernels=" + kernels.name() + ", precision=" + precision;
    try (Model exact = randomModel(random);
        Model model = exact.withPrecision(precision)) {
      ZeroSkipping[] skippings = ZeroSkipping.values();
      ZeroSkipping skipping = skippings[random.nextInt(skippings.length)];
      Budget budget = seed % 3 == 0 ? halfway(model) : Budget.none();
      FlopMeter meter = FlopMeter.of(kernels);
      List<BookEntry> entries = new ArrayList<>();
      try (Predictor predictor =
          Predictor.of(model, FeatureCheck.NONE, meter.kernels(), skipping)) {
        predictor.budget(budget);
        float[] out = new float[model.spec().outputs()];
        for (int row = 0; row < ROWS; row++) {
          meter.reset();
          predictor.predict(TestModels.randomRows(1, model.spec().inputs(), random), out);
          Books books = Books.of(model, predictor.macs(), meter);
          assertBalanced(
              books, where + ", row=" + row + ", zeroSkipping=" + skipping + ", budget=" + budget);
          entries.addAll(books.entries());
        }
      }
      for (BookEntry entry : entries) {
        long bytes = (entry.promisedMacs() + entry.paddingMacs()) * precision.elementBytes();
        assertEquals(bytes, entry.measured().weightBytes(), where + ", " + entry);
      }
      return entries;
    }
  }

  private static MacCount answer(
      Model model, FlopMeter meter, ZeroSkipping skipping, SplittableRandom random) {
    MacCounter promised = new MacCounter(model.spec().layers().size());
    int inputs = model.spec().inputs();
    float[] out = new float[model.spec().outputs()];
    try (Predictor predictor = Predictor.of(model, FeatureCheck.NONE, meter.kernels(), skipping)) {
      meter.reset();
      float[] rows = TestModels.randomRows(ROWS, inputs, random);
      for (int row = 0; row < ROWS; row++) {
        predictor.predict(Arrays.copyOfRange(rows, row * inputs, (row + 1) * inputs), out);
        promised.add(predictor.macs());
      }
    }
    return promised;
  }

  /// Of one stage or several; every third has dead tiles.
  private static Model randomModel(SplittableRandom random) {
    ModelSpec spec =
        random.nextBoolean() ? TestModels.randomSpec(random) : TestModels.randomStagedSpec(random);
    Model model = TestModels.random(spec, random);
    if (random.nextInt(3) == 0) {
      TiledPredictorTest.kill(model, random.nextDouble(0.05, 0.95), random);
    }
    return model;
  }

  private static void assertBalanced(Books books, String where) {
    assertEquals(List.of(), books.differences(), where);
    assertTrue(books.isBalanced(), where);
  }
}
