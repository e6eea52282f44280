package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The first so many steps of random networks: labels that fit, all steps the same answer as a predictor, few steps no more than they say.
class PartialPredictorTest {
  private static final int SEEDS = 120;
  private static final int ROWS = 5;

  private static ModelSpec spec(long seed, SplittableRandom random) {
    return seed % 2 == 0 ? TestModels.randomSpec(random) : TestModels.randomStagedSpec(random);
  }

  private static float[][] rows(ModelSpec spec, SplittableRandom random) {
    float[][] rows = new float[ROWS][];
    for (int row = 0; row < ROWS; row++) {
      rows[row] = TestModels.randomRows(1, spec.inputs(), random);
    }
    return rows;
  }

  @Test
  void everyStepOfEveryPlanHasALabelThatFits() {
    Map<StepKind, Integer> seen = new EnumMap<>(StepKind.class);
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = spec(seed, random);
      try (Model model = TestModels.random(spec, random);
          Predictor predictor =
              Predictor.of(
                  model, FeatureCheck.NONE, KernelProvider.kernels(), ZeroSkipping.ALWAYS)) {
        int stage = 0;
        for (Plan.Stage own : predictor.plan().stages()) {
          assertEquals(own.steps().length, own.planned().size(), "seed=" + seed);
          for (int index = 0; index < own.steps().length; index++) {
            PlannedStep planned = own.planned().get(index);
            assertTrue(
                kinds(own.steps()[index]).contains(planned.kind()),
                "seed=" + seed + ", step=" + own.steps()[index] + ", planned=" + planned);
            assertEquals(stage, spec.stageOf(planned.layer()), "seed=" + seed + " " + planned);
            seen.merge(planned.kind(), 1, Integer::sum);
          }
          stage++;
        }
      }
    }
    for (StepKind kind : StepKind.values()) {
      boolean isOfStages =
          kind != StepKind.EXIT && kind != StepKind.EXIT_DECISION && kind != StepKind.OUTPUT;
      assertEquals(isOfStages, seen.containsKey(kind), kind.toString());
    }
  }

  private static List<StepKind> kinds(Step step) {
    return switch (step) {
      case PanelStep product -> List.of(StepKind.PANEL, StepKind.GATE, StepKind.LIGHT);
      case TiledPanelStep product -> List.of(StepKind.PANEL);
      case ActivationStep activation -> List.of(StepKind.ACTIVATION);
      case SelectionStep selection -> List.of(StepKind.ZERO_LISTING);
      case DecisionStep decision -> List.of(StepKind.ROUTING);
      case GatherStep moving -> List.of(StepKind.MOVING);
      case JoinStep moving -> List.of(StepKind.MOVING);
      case ScaleStep moving -> List.of(StepKind.MOVING);
      case MixStep moving -> List.of(StepKind.MOVING);
      case ClearClosedStep moving -> List.of(StepKind.MOVING);
    };
  }

  @Test
  void allStepsAnswerAndCountAsAPredictorDoes() {
    boolean anyStopped = false;
    boolean anyLimited = false;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = spec(seed, random);
      try (Model model = TestModels.random(spec, random)) {
        ZeroSkipping skipping = ZeroSkipping.values()[(int) (seed % 3)];
        Budget budget = seed % 5 == 0 ? tightBudget(model) : Budget.none();
        anyLimited |= seed % 5 == 0;
        anyStopped |= agree(model, skipping, budget, rows(spec, random), "seed=" + seed);
      }
    }
    assertTrue(anyStopped && anyLimited);
  }

  /// A cap halfway between the least a row can cost and a row's dense MACs.
  private static Budget tightBudget(Model model) {
    try (Predictor predictor = Predictor.of(model)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> predictor.budget(Budget.mostMacs(0)))
              .getMessage();
      long smallest = Long.parseLong(message.substring(message.lastIndexOf('=') + 1));
      return Budget.mostMacs(Math.max(smallest, (smallest + model.spec().denseMacs()) / 2));
    } catch (AssertionError none) {
      return Budget.mostMacs(0);
    }
  }

  /// Before and after every smaller number of steps; returns whether a row stopped before the last stage.
  private static boolean agree(
      Model model, ZeroSkipping skipping, Budget budget, float[][] rows, String where) {
    Kernels kernels = KernelProvider.kernels();
    float[] expected = new float[model.spec().outputs()];
    float[] actual = new float[expected.length];
    boolean stopped = false;
    try (Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels, skipping);
        PartialPredictor partial = PartialPredictor.of(model, kernels, skipping, budget)) {
      predictor.budget(budget);
      int steps = partial.steps().size();
      for (float[] row : rows) {
        for (int count = 0; count <= steps; count++) {
          partial.limit(count);
          partial.predict(row, actual);
        }
        predictor.predict(row, expected);
        assertArrayEquals(bits(expected), bits(actual), where);
        assertEquals(predictor.stage(), partial.stage(), where);
        assertEquals(describe(predictor.macs()), describe(partial.macs()), where);
        stopped |= predictor.stage() < model.spec().stages().size() - 1;
      }
    }
    return stopped;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int index = 0; index < bits.length; index++) {
      bits[index] = Float.floatToRawIntBits(values[index]);
    }
    return bits;
  }

  private static String describe(MacCount macs) {
    StringBuilder text = new StringBuilder();
    for (int layer = 0; layer < macs.layers(); layer++) {
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        text.append(macs.macs(kind, layer)).append(' ').append(macs.paddingMacs(kind, layer));
        text.append(' ').append(macs.skippedAsZeroMacs(kind, layer)).append(';');
      }
      text.append(macs.skippedByGateMacs(layer)).append('\n');
    }
    return text.toString();
  }

  /// A step more executes products of its own layer and kind alone, and all of them come to what the account says.
  @Test
  void aStepMoreExecutesWhatItsLabelSaysAndNothingElse() {
    FlopMeter meter = FlopMeter.of(KernelProvider.kernels());
    for (long seed = 1; seed <= 40; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = spec(seed, random);
      try (Model model = TestModels.random(spec, random);
          PartialPredictor partial =
              PartialPredictor.of(model, meter.kernels(), ZeroSkipping.OFF, Budget.none())) {
        for (float[] row : rows(spec, random)) {
          assertStepsAddUp(model, partial, meter, row, "seed=" + seed);
        }
      }
    }
  }

  private static void assertStepsAddUp(
      Model model, PartialPredictor partial, FlopMeter meter, float[] row, String where) {
    List<PlannedStep> steps = partial.steps();
    float[] answer = new float[model.spec().outputs()];
    Map<PlannedStep, Long> before = run(model, partial, meter, row, 0, answer);
    assertEquals(Map.of(), before, where);
    for (int count = 1; count <= steps.size(); count++) {
      Map<PlannedStep, Long> after = run(model, partial, meter, row, count, answer);
      List<PlannedStep> grown = new ArrayList<>();
      for (Map.Entry<PlannedStep, Long> entry : after.entrySet()) {
        if (!entry.getValue().equals(before.get(entry.getKey()))) {
          grown.add(entry.getKey());
        }
      }
      grown.remove(steps.get(count - 1));
      assertEquals(List.of(), grown, where + ", count=" + count + ", steps=" + steps);
      before = after;
    }
    MacCount macs = partial.macs();
    long sum = before.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(macs.executedMacs() + macs.paddingMacs(), sum, where);
  }

  /// MACs by layer and kind of product, of those that ran.
  private static Map<PlannedStep, Long> run(
      Model model,
      PartialPredictor partial,
      FlopMeter meter,
      float[] row,
      int count,
      float[] answer) {
    partial.limit(count);
    meter.reset();
    partial.predict(row, answer);
    Map<PlannedStep, Long> macs = new HashMap<>();
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      LayerWeights weights = model.weights().layers().get(layer);
      add(meter, List.of(weights.projection()), new PlannedStep(layer, StepKind.PANEL), macs);
      add(meter, weights.chain(Chain.GATE), new PlannedStep(layer, StepKind.GATE), macs);
      add(meter, weights.chain(Chain.LIGHT), new PlannedStep(layer, StepKind.LIGHT), macs);
      add(meter, weights.chain(Chain.HALT), new PlannedStep(layer, StepKind.EXIT), macs);
    }
    return macs;
  }

  private static void add(
      FlopMeter meter, List<Projection> products, PlannedStep step, Map<PlannedStep, Long> macs) {
    long sum = products.stream().mapToLong(product -> meter.of(product.weights()).macs()).sum();
    if (sum > 0) {
      macs.put(step, sum);
    }
  }

  @Test
  void whatRanInPartHasNoStageAndNoCount() {
    ModelSpec spec = TestModels.randomSpec(new SplittableRandom(1));
    try (Model model = TestModels.random(spec, new SplittableRandom(1));
        PartialPredictor partial =
            PartialPredictor.of(model, KernelProvider.kernels(), ZeroSkipping.OFF, Budget.none())) {
      int steps = partial.steps().size();
      partial.limit(steps - 1);
      partial.predict(new float[spec.inputs()], new float[spec.outputs()]);
      assertThrows(IllegalStateException.class, partial::stage);
      assertThrows(IllegalStateException.class, partial::macs);
      assertThrows(IllegalArgumentException.class, () -> partial.limit(-1));
      assertThrows(IllegalArgumentException.class, () -> partial.limit(steps + 1));
      assertEquals(StepKind.OUTPUT, partial.steps().getLast().kind());
    }
  }
}
