package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.PrecisionsOfKernels;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Leaving out dead tiles changes no bit of an answer, and their MACs are counted apart: random masks, gates, stages and rows from printed seeds.
class TiledPredictorTest {
  private static final int SEEDS = 40;
  private static final int ROWS = 3;

  @ParameterizedTest
  @MethodSource(PrecisionsOfKernels.ALL)
  void answersHaveTheBitsOfDenseExecutionAndCountsThoseOfLoops(
      Kernels kernels, WeightPrecision precision) {
    long pruned = 0;
    long notSkipped = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec =
          seed % 2 == 0 ? TestModels.randomSpec(random) : TestModels.randomStagedSpec(random);
      try (Model exact = TestModels.random(spec, random)) {
        kill(exact, random.nextDouble(0.05, 0.95), random);
        try (Model model = exact.withPrecision(precision)) {
          String where = "seed=" + seed + ", kernels=" + kernels.name() + " " + precision;
          MacCount total = compare(model, kernels, random, where);
          pruned += total.skippedAsPrunedMacs();
          for (int layer = 0; layer < total.layers(); layer++) {
            notSkipped += total.prunedNotSkippedMacs(layer);
          }
        }
      }
    }
    assertTrue(pruned > 0 && notSkipped > 0, pruned + " " + notSkipped);
  }

  /// Two chunks of the order of summation and more.
  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void productsCutIntoChunksAreTiledToo(Kernels kernels) {
    SplittableRandom random = new SplittableRandom(3);
    ModelSpec spec = ModelSpec.dense(List.of(2500, 70, 3), 32, Activation.RELU, OutputForm.SOFTMAX);
    try (Model model = TestModels.random(spec, random)) {
      kill(model, 0.7, random);
      MacCount total = compare(model, kernels, random, kernels.name());
      assertTrue(total.skippedAsPrunedMacs(0) > 0);
    }
  }

  /// Six of ten tiles live: too many for a product in the cache, few enough for one past it (1.25 MiB).
  @Test
  void whetherDeadTilesAreLeftOutDependsOnTheProductsSize() {
    for (int units : new int[] {64, 1024}) {
      ModelSpec spec =
          ModelSpec.dense(List.of(320, units, 3), 32, Activation.GELU, OutputForm.SOFTMAX);
      SplittableRandom random = new SplittableRandom(4);
      try (Model model = TestModels.random(spec, random)) {
        Panels weights = TestModels.layer(model, 0).weights();
        for (int unit = 0; unit < units; unit += 32) {
          for (int tile = 6; tile < 10; tile++) {
            killTile(weights, unit, 32 * tile, random);
          }
        }
        Predictor predictor = Predictor.of(model);
        predictor.predict(new float[320], new float[3]);
        long dead = (long) units * 128;
        assertEquals(units == 64 ? 0 : dead, predictor.macs().skippedAsPrunedMacs(0));
        assertEquals(units == 64 ? dead : 0, predictor.macs().prunedNotSkippedMacs(0));
      }
    }
  }

  static void kill(Model model, double share, SplittableRandom random) {
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      Panels weights = TestModels.layer(model, layer).weights();
      PanelLayout layout = weights.layout();
      for (int unit = 0; unit < layout.units(); unit += layout.blockSize()) {
        for (int input = 0; input < layout.inputs(); input += 32) {
          if (random.nextDouble() < share) {
            killTile(weights, unit, input, random);
          }
        }
      }
    }
  }

  private static void killTile(
      Panels weights, int fromUnit, int fromInput, SplittableRandom random) {
    PanelLayout layout = weights.layout();
    for (int u = fromUnit; u < Math.min(fromUnit + layout.blockSize(), layout.units()); u++) {
      for (int k = fromInput; k < Math.min(fromInput + 32, layout.inputs()); k++) {
        weights.set(u, k, random.nextBoolean() ? 0f : -0f);
      }
    }
  }

  /// Returns the sum of all predictors' counts.
  private static MacCount compare(
      Model model, Kernels kernels, SplittableRandom random, String where) {
    ModelSpec spec = model.spec();
    MacCounter total = new MacCounter(spec.layers().size());
    MacCounter structural = new MacCounter(spec.layers().size());
    float[] in = TestModels.randomRows(ROWS, spec.inputs(), random);
    float[] expected = new float[ROWS * spec.outputs()];
    for (ZeroSkipping skipping : ZeroSkipping.values()) {
      Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels, skipping);
      for (int row = 0; row < ROWS; row++) {
        String place = where + ", row=" + row + ", skipping=" + skipping + ", spec=" + spec;
        float[] features = Arrays.copyOfRange(in, row * spec.inputs(), (row + 1) * spec.inputs());
        float[] answer = new float[spec.outputs()];
        predictor.predict(features, answer);
        ReferenceNetwork reference = new ReferenceNetwork(model);
        PredictorBitsTest.assertBits(reference.predict(features), answer, place);
        System.arraycopy(answer, 0, expected, row * answer.length, answer.length);
        new LoopCount(model, predictor, reference).require(skipping, place);
        total.add(predictor.macs());
        if (skipping == ZeroSkipping.OFF) {
          structural.add(predictor.macs());
        }
      }
    }
    requireBatch(model, kernels, in, expected, structural, where);
    return total;
  }

  private static void requireBatch(
      Model model,
      Kernels kernels,
      float[] in,
      float[] expected,
      MacCount structural,
      String where) {
    try (BatchPredictor batch = BatchPredictor.of(model, ROWS, FeatureCheck.NONE, kernels)) {
      float[] actual = new float[expected.length];
      batch.predict(in, ROWS, actual);
      PredictorBitsTest.assertBits(expected, actual, where + ", batch");
      MacCount byRow = batch.structuralMacs();
      for (int layer = 0; layer < byRow.layers(); layer++) {
        assertEquals(structural.panelMacs(layer), byRow.panelMacs(layer), where);
        assertEquals(structural.paddingMacs(layer), byRow.paddingMacs(layer), where);
        assertEquals(
            structural.skippedAsPrunedMacs(layer), byRow.skippedAsPrunedMacs(layer), where);
        assertEquals(structural.skippedByGateMacs(layer), byRow.skippedByGateMacs(layer), where);
        MacCount ofBatch = batch.macs();
        assertEquals(0, ofBatch.skippedAsPrunedMacs(layer), where);
        assertEquals(
            (long) ROWS
                * model.spec().layers().get(layer).units()
                * model.spec().layerInputs(layer),
            ofBatch.panelMacs(layer) + ofBatch.skippedByGateMacs(layer),
            where);
      }
      assertEquals(structural.structuralMacs(), byRow.structuralMacs(), where);
    }
  }

  /// Counts a row's products weight by weight.
  private record LoopCount(Model model, Predictor predictor, ReferenceNetwork reference) {
    void require(ZeroSkipping skipping, String where) {
      MacCount macs = predictor.macs();
      long structural = 0;
      for (int layer = 0; layer < macs.layers(); layer++) {
        if (model.spec().stageOf(layer) > reference.stage) {
          requireNotRun(layer, where);
          continue;
        }
        long live = live(layer, false);
        long left = macs.panelMacs(layer) + macs.skippedAsZeroMacs(layer);
        assertEquals(live, left - macs.prunedNotSkippedMacs(layer), where + ", layer=" + layer);
        assertEquals(
            (long) spec(layer).units() * model.spec().layerInputs(layer),
            left + macs.skippedByGateMacs(layer) + macs.skippedAsPrunedMacs(layer),
            where);
        boolean skips = macs.skippedAsPrunedMacs(layer) > 0;
        if (skipping == ZeroSkipping.OFF && skips) {
          assertEquals(live, macs.panelMacs(layer), where);
        }
        boolean readsFeatures = model.spec().sources(layer).isEmpty();
        if (skipping == ZeroSkipping.ALWAYS && skips && readsFeatures) {
          assertEquals(live(layer, true), macs.panelMacs(layer), where);
        }
        structural += live;
        for (MacCount.Kind kind : MacCount.Kind.values()) {
          if (kind != MacCount.Kind.PANEL) {
            structural += macs.macs(kind, layer) + macs.skippedAsZeroMacs(kind, layer);
          }
        }
      }
      assertEquals(structural, macs.structuralMacs(), where);
    }

    /// All of the layer is skipped by gate, dead tiles too.
    private void requireNotRun(int layer, String where) {
      MacCount macs = predictor.macs();
      long dense = (long) spec(layer).units() * model.spec().layerInputs(layer);
      assertEquals(dense, macs.skippedByGateMacs(layer), where);
      assertEquals(0, macs.skippedAsPrunedMacs(layer), where);
      assertEquals(0, macs.prunedNotSkippedMacs(layer), where);
      for (MacCount.Kind kind : MacCount.Kind.values()) {
        assertEquals(0, macs.macs(kind, layer) + macs.skippedAsZeroMacs(kind, layer), where);
      }
    }

    private LayerSpec spec(int layer) {
      return model.spec().layers().get(layer);
    }

    private long live(int layer, boolean nonZerosAlone) {
      boolean isDense = !isPruned(layer);
      boolean[] open = reference.openInputs[layer];
      ActiveSet blocks = predictor.openBlocks(layer);
      long count = 0;
      for (int position = 0; position < blocks.count(); position++) {
        int from = blocks.index(position) * spec(layer).blockSize();
        int to = Math.min(from + spec(layer).blockSize(), spec(layer).units());
        for (int input = 0; input < open.length; input += 32) {
          if (isDense || hasWeight(layer, from, to, input, 32)) {
            count += (long) (to - from) * readOf(layer, input, nonZerosAlone);
          }
        }
      }
      return count;
    }

    private int readOf(int layer, int fromInput, boolean nonZerosAlone) {
      boolean[] open = reference.openInputs[layer];
      float[] x = reference.inputs[layer];
      int read = 0;
      for (int input = fromInput; input < Math.min(fromInput + 32, open.length); input++) {
        read += open[input] && !(nonZerosAlone && x[input] == 0) ? 1 : 0;
      }
      return read;
    }

    /// A product without any weight counts as dense.
    private boolean isPruned(int layer) {
      LayerSpec own = spec(layer);
      int inputs = model.spec().layerInputs(layer);
      for (int unit = 0; unit < own.units(); unit++) {
        if (hasWeight(layer, unit, unit + 1, 0, inputs)) {
          return true;
        }
      }
      return false;
    }

    private boolean hasWeight(int layer, int fromUnit, int toUnit, int fromInput, int inputs) {
      Panels weights = TestModels.layer(model, layer).weights();
      int toInput = Math.min(fromInput + inputs, weights.layout().inputs());
      for (int unit = fromUnit; unit < toUnit; unit++) {
        for (int input = fromInput; input < toInput; input++) {
          if (weights.stored(unit, input) != 0) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
