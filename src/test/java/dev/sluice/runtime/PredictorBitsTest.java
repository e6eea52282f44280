package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.PrecisionsOfKernels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Predictor, BatchPredictor and nested loops give the same bits, open the same blocks and count
/// the same MACs, for networks drawn from printed seeds.
class PredictorBitsTest {
  private static final int SEEDS = 40;

  /// One row, a ragged tile, and many full tiles; the seeds take turns, and the nested loops would be slow on more large batches.
  private static final int[] BATCHES = {1, 7, 1, 7, 256};

  /// Enough for some rows to stop at each exit.
  private static final int[] STAGED_BATCHES = {1, 7, 3, 12, 40};

  @ParameterizedTest
  @MethodSource(PrecisionsOfKernels.ALL)
  void singleRowsBatchesAndNestedLoopsAgree(Kernels kernels, WeightPrecision precision) {
    boolean anyClosed = false;
    boolean anyOpen = false;
    boolean anyStopped = false;
    boolean anyWentOn = false;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      boolean isStaged = seed % 2 == 0;
      ModelSpec spec =
          isStaged ? TestModels.randomStagedSpec(random) : TestModels.randomSpec(random);
      int rows = (isStaged ? STAGED_BATCHES : BATCHES)[(int) (seed % BATCHES.length)];
      String where =
          "seed=" + seed + ", kernels=" + kernels.name() + " " + precision + ", spec=" + spec;
      try (Model exact = TestModels.random(spec, random);
          Model model = exact.withPrecision(precision)) {
        Comparison comparison = new Comparison(model, kernels, rows, where);
        comparison.run(random);
        anyClosed |= comparison.anyClosed;
        anyOpen |= comparison.anyOpen;
        anyStopped |= comparison.anyStopped;
        anyWentOn |= comparison.anyWentOn;
      }
    }
    assertTrue(anyClosed && anyOpen, "no gate ever closed or opened");
    assertTrue(anyStopped && anyWentOn, "no exit ever stopped a row or let one pass");
  }

  private static final class Comparison {
    private final Model model;
    private final ModelSpec spec;
    private final Kernels kernels;
    private final int rows;
    private final String where;
    private final MacCounter sum;
    private boolean anyClosed;
    private boolean anyOpen;
    private boolean anyStopped;
    private boolean anyWentOn;

    Comparison(Model model, Kernels kernels, int rows, String where) {
      this.model = model;
      this.spec = model.spec();
      this.kernels = kernels;
      this.rows = rows;
      this.where = where;
      this.sum = new MacCounter(spec.layers().size());
    }

    void run(SplittableRandom random) {
      float[] in = TestModels.randomRows(rows, spec.inputs(), random);
      float[] expected = new float[rows * spec.outputs()];
      int[] stages = new int[rows];
      try (Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels, ZeroSkipping.OFF);
          Predictor skipping =
              Predictor.of(model, FeatureCheck.NONE, kernels, ZeroSkipping.ALWAYS)) {
        for (int row = 0; row < rows; row++) {
          predictRow(predictor, in, row, expected);
          stages[row] = predictor.stage();
          assertSkipsTheSame(predictor, skipping, in, row, expected);
        }
      }
      try (BatchPredictor batch = BatchPredictor.of(model, rows + 2, FeatureCheck.NONE, kernels)) {
        // other rows first, whose leftovers must not show
        float[] others = TestModels.randomRows(rows + 2, spec.inputs(), random);
        batch.predict(others, rows + 2, new float[(rows + 2) * spec.outputs()]);
        float[] actual = new float[rows * spec.outputs()];
        batch.predict(in, rows, actual);
        assertBits(expected, actual, where + ", batch");
        assertEquals(describe(sum), describe(batch.structuralMacs()), where);
        for (int row = 0; row < rows; row++) {
          assertEquals(stages[row], batch.stage(row), where + ", row=" + row);
        }
      }
    }

    private void assertSkipsTheSame(
        Predictor predictor, Predictor skipping, float[] in, int row, float[] expected) {
      float[] answer = new float[spec.outputs()];
      skipping.predict(
          Arrays.copyOfRange(in, row * spec.inputs(), (row + 1) * spec.inputs()), answer);
      int from = row * answer.length;
      assertBits(
          Arrays.copyOfRange(expected, from, from + answer.length), answer, where + ", skipping");
      assertEquals(
          predictor.macs().structuralMacs(), skipping.macs().structuralMacs(), where + row);
    }

    private void predictRow(Predictor predictor, float[] in, int row, float[] answers) {
      float[] features = Arrays.copyOfRange(in, row * spec.inputs(), (row + 1) * spec.inputs());
      float[] answer = new float[spec.outputs()];
      predictor.predict(features, answer);
      ReferenceNetwork reference = new ReferenceNetwork(model);
      assertBits(reference.predict(features), answer, where + ", row=" + row);
      assertEquals(reference.stage, predictor.stage(), where + ", row=" + row);
      anyStopped |= predictor.stage() < spec.stages().size() - 1;
      anyWentOn |= predictor.stage() > 0;
      assertSetsAndCounts(reference, predictor, where + ", row=" + row);
      System.arraycopy(answer, 0, answers, row * answer.length, answer.length);
      sum.add(predictor.macs());
    }

    private void assertSetsAndCounts(
        ReferenceNetwork reference, Predictor predictor, String place) {
      MacCount macs = predictor.macs();
      for (int layer = 0; layer < spec.layers().size(); layer++) {
        String at = place + ", layer=" + layer;
        boolean[] open = new boolean[spec.layers().get(layer).blocks()];
        ActiveSet blocks = predictor.openBlocks(layer);
        for (int position = 0; position < blocks.count(); position++) {
          open[blocks.index(position)] = true;
        }
        assertEquals(Arrays.toString(reference.openBlocks[layer]), Arrays.toString(open), at);
        assertEquals(reference.panelMacs[layer], macs.panelMacs(layer), at);
        assertEquals(reference.gateMacs[layer], macs.gateMacs(layer), at);
        assertEquals(reference.lightMacs[layer], macs.lightMacs(layer), at);
        assertEquals(reference.exitMacs[layer], macs.exitMacs(layer), at);
        assertEquals(reference.paddingMacs[layer], macs.paddingMacs(layer), at);
        long dense = (long) spec.layers().get(layer).units() * spec.layerInputs(layer);
        assertEquals(dense, macs.panelMacs(layer) + macs.skippedByGateMacs(layer), at);
        boolean ran = spec.stageOf(layer) <= predictor.stage();
        if (ran && spec.layers().get(layer) instanceof LayerSpec.Gated) {
          anyClosed |= !blocks.isFull();
          anyOpen |= blocks.count() > 0;
        }
      }
    }
  }

  private static String describe(MacCount macs) {
    StringBuilder text = new StringBuilder();
    for (int layer = 0; layer < macs.layers(); layer++) {
      text.append(macs.panelMacs(layer)).append('+').append(macs.gateMacs(layer));
      text.append('+').append(macs.lightMacs(layer)).append('+').append(macs.exitMacs(layer));
      text.append('+').append(macs.skippedByGateMacs(layer));
      text.append('+').append(macs.paddingMacs(layer)).append(' ');
    }
    return text.toString();
  }

  static void assertBits(float[] expected, float[] actual, String where) {
    assertEquals(expected.length, actual.length, where);
    for (int index = 0; index < expected.length; index++) {
      if (Float.floatToIntBits(expected[index]) != Float.floatToIntBits(actual[index])) {
        throw new AssertionError(
            where
                + ", index="
                + index
                + ", expected="
                + Float.toHexString(expected[index])
                + ", actual="
                + Float.toHexString(actual[index]));
      }
    }
  }
}
