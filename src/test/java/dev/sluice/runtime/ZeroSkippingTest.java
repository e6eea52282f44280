package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Skipping zeros changes no bit of an answer, and every MAC is either executed or skipped for one reason.
class ZeroSkippingTest {
  private static final int SEEDS = 80;

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void answersHaveTheSameBitsAndCountsAddUp(Kernels kernels) {
    long skipped = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = withRelu(TestModels.randomSpec(random), random);
      try (Model model = TestModels.random(spec, random)) {
        Predictor off = predictor(model, kernels, ZeroSkipping.OFF);
        Predictor auto = predictor(model, kernels, ZeroSkipping.AUTO);
        Predictor always = predictor(model, kernels, ZeroSkipping.ALWAYS);
        for (int row = 0; row < 4; row++) {
          String where = "seed=" + seed + ", kernels=" + kernels.name() + ", row=" + row;
          float[] in = sparseRow(spec.inputs(), random);
          float[] expected = answer(off, in);
          PredictorBitsTest.assertBits(expected, answer(auto, in), where + ", auto");
          PredictorBitsTest.assertBits(expected, answer(always, in), where + ", always");
          assertCountsAddUp(off, off, where);
          assertCountsAddUp(off, auto, where);
          assertCountsAddUp(off, always, where);
          assertEquals(0, off.macs().skippedAsZeroMacs(), where);
          skipped += always.macs().skippedAsZeroMacs();
        }
      }
    }
    assertTrue(skipped > 1_000_000, "skipped=" + skipped);
  }

  private static Predictor predictor(Model model, Kernels kernels, ZeroSkipping skipping) {
    return Predictor.of(model, FeatureCheck.NONE, kernels, skipping);
  }

  private static float[] answer(Predictor predictor, float[] in) {
    float[] out = new float[predictor.outputs()];
    predictor.predict(in, out);
    return out;
  }

  private static void assertCountsAddUp(Predictor off, Predictor predictor, String where) {
    MacCount dense = off.macs();
    MacCount macs = predictor.macs();
    ModelSpec spec = predictor.spec();
    long beside = 0;
    for (int layer = 0; layer < macs.layers(); layer++) {
      long product = (long) spec.layers().get(layer).units() * spec.layerInputs(layer);
      assertEquals(
          product,
          macs.panelMacs(layer) + macs.skippedByGateMacs(layer) + macs.skippedAsZeroMacs(layer),
          where);
      assertEquals(dense.skippedByGateMacs(layer), macs.skippedByGateMacs(layer), where);
      assertEquals(
          dense.gateMacs(layer), macs.gateMacs(layer) + macs.gateSkippedAsZeroMacs(layer), where);
      assertEquals(
          dense.lightMacs(layer),
          macs.lightMacs(layer) + macs.skippedAsZeroMacs(MacCount.Kind.LIGHT, layer),
          where);
      assertTrue(macs.paddingMacs(layer) <= dense.paddingMacs(layer), where);
      beside += dense.gateMacs(layer) + dense.lightMacs(layer);
    }
    assertEquals(dense.executedMacs(), macs.structuralMacs(), where);
    assertEquals(
        spec.denseMacs() + beside,
        macs.executedMacs() + macs.skippedByGateMacs() + macs.skippedAsZeroMacs(),
        where);
  }

  /// Half of the layers, so that zeros meet gates of either kind, and layers that cannot be sparse follow ones that can.
  private static ModelSpec withRelu(ModelSpec spec, SplittableRandom random) {
    List<LayerSpec> layers = new ArrayList<>();
    for (LayerSpec layer : spec.layers()) {
      Activation activation = random.nextBoolean() ? Activation.RELU : layer.activation();
      layers.add(
          switch (layer) {
            case LayerSpec.Dense dense ->
                new LayerSpec.Dense(dense.units(), dense.blockSize(), activation);
            case LayerSpec.Gated gated ->
                new LayerSpec.Gated(
                    gated.units(), gated.blockSize(), activation, gated.gate(), gated.lightRank());
          });
    }
    return ModelSpec.of(spec.inputs(), layers, spec.output());
  }

  /// Any share of zeros, of either sign, and now and then what is not finite.
  private static float[] sparseRow(int inputs, SplittableRandom random) {
    float[] row = new float[inputs];
    double share = random.nextInt(5) / 4.0;
    boolean isWild = random.nextInt(4) == 0;
    for (int k = 0; k < inputs; k++) {
      if (random.nextDouble() >= share) {
        row[k] = random.nextBoolean() ? 0f : -0f;
      } else if (isWild && random.nextInt(20) == 0) {
        row[k] = random.nextBoolean() ? Float.NaN : Float.POSITIVE_INFINITY;
      } else {
        row[k] = (float) random.nextGaussian();
      }
    }
    return row;
  }

  /// 128 inputs into four blocks of 32, then one block: by the default costs the first layer is looked through, the last is not.
  private static ModelSpec example(Granularity granularity) {
    GateSpec gate = new GateSpec(new LinearGate(), granularity, 1f, 0.5f, 0);
    return ModelSpec.of(
        128,
        List.of(
            new LayerSpec.Gated(128, 32, Activation.RELU, gate),
            new LayerSpec.Dense(8, 8, Activation.IDENTITY)),
        OutputForm.IDENTITY);
  }

  @Test
  void whetherARowIsSkippedDependsOnItAloneAndOnTheLimit() {
    try (Model model = TestModels.random(example(Granularity.BLOCK), new SplittableRandom(1))) {
      Calibration.forget();
      Predictor predictor = predictor(model, KernelProvider.kernels(), ZeroSkipping.AUTO);
      int limit = (int) (128 / ListingCosts.defaults(ListedProduct.Size.MANY_BLOCKS).ratio());
      for (int nonZeros : new int[] {limit, limit + 1, 0, 128, limit + 1, limit}) {
        float[] in = new float[128];
        Arrays.fill(in, 0, nonZeros, 1f);
        answer(predictor, in);
        boolean isSkipped = predictor.macs().skippedAsZeroMacs(0) > 0 || nonZeros == 0;
        assertEquals(nonZeros <= limit, isSkipped, "nonZeros=" + nonZeros);
        assertEquals(0, predictor.macs().skippedAsZeroMacs(1), "one block is not worth a list");
      }
    }
  }

  @Test
  void closedUnitsThatHoldOldValuesAreNeverListed() {
    ModelSpec spec = example(Granularity.UNIT);
    try (Model model = TestModels.random(spec, new SplittableRandom(3))) {
      Predictor always = predictor(model, KernelProvider.kernels(), ZeroSkipping.ALWAYS);
      SplittableRandom random = new SplittableRandom(4);
      for (int row = 0; row < 50; row++) {
        float[] in = sparseRow(128, random);
        answer(always, in);
        int open = always.openGates(0).count();
        long read = always.macs().panelMacs(1) / 8;
        assertTrue(read <= open, "row=" + row + ", read=" + read + ", open=" + open);
      }
    }
  }

  private static ListedProduct product(double blocks, long panelBytes) {
    return new ListedProduct(1000, blocks, panelBytes, 32, WeightPrecision.F32);
  }

  @Test
  void costsDecideAtTheirExtremes() {
    ListingCosts free = new ListingCosts(1, 0.001);
    assertTrue(free.isWorthListing(product(1, 100)));
    assertEquals(1000, free.mostNonZeros(product(1, 100)));
    ListingCosts dear = new ListingCosts(16, 8);
    assertFalse(dear.isWorthListing(product(255, 100)));
    assertTrue(dear.isWorthListing(product(256, 100)));
    assertEquals(62, dear.mostNonZeros(product(4, 100)));
    assertEquals(ListedProduct.Size.FEW_BLOCKS, product(3.5, 100).size());
    assertEquals(ListedProduct.Size.MANY_BLOCKS, product(4, ListedProduct.CACHE_BYTES).size());
    assertEquals(ListedProduct.Size.PAST_CACHE, product(4, ListedProduct.CACHE_BYTES + 1).size());
  }

  @Test
  void aGateCountsTowardsTheBlocksThatReadAnInput() {
    try (Model model = TestModels.random(example(Granularity.UNIT), new SplittableRandom(3))) {
      assertEquals(8, ListedProduct.of(model.weights().layers().get(0)).blocks());
      assertEquals(1, ListedProduct.of(model.weights().layers().get(1)).blocks());
    }
  }

  @Test
  void anUnknownModeIsNamed() {
    System.setProperty(ZeroSkipping.PROPERTY, "maybe");
    try {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, ZeroSkipping::standard);
      assertTrue(e.getMessage().contains("dev.sluice.zeroSkipping=maybe"), e.getMessage());
    } finally {
      System.clearProperty(ZeroSkipping.PROPERTY);
    }
  }
}
