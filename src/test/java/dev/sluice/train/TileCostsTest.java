package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Costs with dead tiles against loops over units and inputs, for random masks and decisions.
class TileCostsTest {
  private static final int[] WIDTHS = {70, 44, 72, 3};
  private static final int BLOCK = 8;
  private static final int SEEDS = 30;

  private static ModelSpec spec(Granularity granularity) {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), granularity);
    return ModelSpec.gated(
        List.of(70, 44, 72, 3), BLOCK, Activation.RELU, OutputForm.SOFTMAX, gate);
  }

  @ParameterizedTest
  @EnumSource(Granularity.class)
  void costsAreThoseOfLoopsAndTheDerivativeIsWhatOpeningAdds(Granularity granularity) {
    ModelSpec spec = spec(granularity);
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      try (Arena arena = Arena.ofConfined()) {
        List<TileMask> masks = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
          TileMask mask = new TileMask(arena, spec.projection(layer).layout());
          IntStream.range(0, mask.tiles()).forEach(tile -> mask.set(tile, random.nextBoolean()));
          masks.add(mask);
        }
        int gate = 1 + random.nextInt(4);
        for (int layer = 0; layer < 2; layer++) {
          int[][] closed = {draw(granularity, 0, random), draw(granularity, 1, random)};
          int opened = gate;
          closed[layer] = Arrays.stream(closed[layer]).filter(index -> index != opened).toArray();
          int[][] open = closed.clone();
          open[layer] =
              IntStream.concat(Arrays.stream(closed[layer]), IntStream.of(opened))
                  .sorted()
                  .toArray();
          MacCosts before = costs(spec, masks, closed);
          MacCosts after = costs(spec, masks, open);
          String where = "seed=" + seed + ", layer=" + layer;
          assertThat(before.macs(0)).as(where).isEqualTo(loops(granularity, masks, closed));
          assertThat(before.relativeMacsByGate(layer, 0, opened))
              .as(where)
              .isCloseTo(
                  (double) (after.macs(0) - before.macs(0)) / spec.denseMacs(),
                  Offset.offset(1e-12));
        }
      }
    }
  }

  /// The second stage's second layer reads 20 units of the first stage and 40 of its own, tiles across both: of these the ones that are open, or
  /// all 20 behind a light path.
  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void tilesOverSeveralLayersCountOnceAndTheDerivativeKnowsAllReaders(int lightRank) {
    GateSpec gate = GateSpec.of(GateForms.parse("linear"), Granularity.BLOCK);
    LayerSpec.Gated first = new LayerSpec.Gated(20, BLOCK, Activation.RELU, gate, lightRank);
    LayerSpec.Gated second = new LayerSpec.Gated(40, BLOCK, Activation.RELU, gate);
    LayerSpec.Gated third = new LayerSpec.Gated(24, BLOCK, Activation.RELU, gate);
    LayerSpec head = new LayerSpec.Dense(3, BLOCK, Activation.IDENTITY);
    FeatureSelection all = FeatureSelection.all();
    ModelSpec spec =
        StagedSpecs.of(
            70,
            new StageSpec(all, false, List.of(first, head), StagedSpecs.EXIT),
            new StageSpec(all, true, List.of(second, third, head), null));
    int joined = 3;
    try (Arena arena = Arena.ofConfined()) {
      TileMask mask = new TileMask(arena, spec.projection(joined).layout());
      // Of 60 inputs and three blocks, inputs 0 to 31 of the first and third block.
      IntStream.of(1, 2, 3, 5).forEach(tile -> mask.set(tile, false));
      int[][] open = {{0}, {}, {0, 2}, {0, 1}, {}};
      MacCosts costs = MacCostsTest.costs(spec, open);
      long dense = costs.macs(0);
      costs.setTiles(joined, mask);
      int readOfFirst = lightRank > 0 ? 20 : 8;
      // Open blocks 0 and 1 over both blocks read; of it block 0 over the first stage's and inputs
      // 20 to 27 remains.
      long panels = 2 * 8 * (readOfFirst + 16);
      assertThat(costs.macs(0)).isEqualTo(dense - panels + 8 * (readOfFirst + 8));
      assertThat(costs.macs(0, 0)).isEqualTo(MacCostsTest.costs(spec, open).macs(0, 0));
      for (int layer : new int[] {0, 2, 3}) {
        int opened = layer == 2 ? 1 : 2;
        int[][] more = open.clone();
        more[layer] =
            IntStream.concat(IntStream.of(open[layer]), IntStream.of(opened)).sorted().toArray();
        MacCosts after = MacCostsTest.costs(spec, more);
        after.setTiles(joined, mask);
        assertThat(costs.relativeMacsByGate(layer, 0, opened))
            .as("layer=%d", layer)
            .isCloseTo(
                (double) (after.macs(0) - costs.macs(0)) / spec.denseMacs(), Offset.offset(1e-12));
      }
    }
  }

  private static MacCosts costs(ModelSpec spec, List<TileMask> masks, int[][] open) {
    MacCosts costs = MacCostsTest.costs(spec, open);
    for (int layer = 0; layer < masks.size(); layer++) {
      costs.setTiles(layer, masks.get(layer));
    }
    return costs;
  }

  private static int gates(Granularity granularity, int layer) {
    int units = WIDTHS[layer + 1];
    return granularity == Granularity.UNIT ? units : (units + BLOCK - 1) / BLOCK;
  }

  /// The first is always open, as a rule may open one by itself where all are closed.
  private static int[] draw(Granularity granularity, int layer, SplittableRandom random) {
    return IntStream.range(0, gates(granularity, layer))
        .filter(gate -> gate == 0 || random.nextInt(3) == 0)
        .toArray();
  }

  private static long loops(Granularity granularity, List<TileMask> masks, int[][] open) {
    boolean[] read = new boolean[WIDTHS[0]];
    Arrays.fill(read, true);
    long macs = 0;
    for (int layer = 0; layer < 3; layer++) {
      int units = WIDTHS[layer + 1];
      boolean[] executed = new boolean[units];
      boolean[] readNext = new boolean[units];
      Arrays.fill(executed, layer == 2);
      for (int gate : layer == 2 ? new int[0] : open[layer]) {
        boolean perUnit = granularity == Granularity.UNIT;
        int block = perUnit ? gate / BLOCK : gate;
        int end = Math.min((block + 1) * BLOCK, units);
        Arrays.fill(executed, block * BLOCK, end, true);
        Arrays.fill(readNext, perUnit ? gate : block * BLOCK, perUnit ? gate + 1 : end, true);
      }
      int gateUnits = layer == 2 ? 0 : gates(granularity, layer);
      for (int input = 0; input < read.length; input++) {
        for (int unit = 0; read[input] && unit < units; unit++) {
          boolean isLive = layer == 2 || masks.get(layer).isLive(unit / BLOCK, input / 32);
          macs += executed[unit] && isLive ? 1 : 0;
        }
        macs += read[input] ? gateUnits : 0;
      }
      read = readNext;
    }
    return macs;
  }
}
