package dev.sluice.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.Panels;
import dev.sluice.memory.TileMap;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import dev.sluice.model.Weights;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A twin is timed in place of the network that relative MACs are relative to, so it must have that network's MACs and nothing else.
class DenseTwinTest {
  private static final GateSpec GATE =
      new GateSpec(new LinearGate(), Granularity.BLOCK, 1, new ThresholdRule(1f, 0.5f, 1), false);
  private static final LayerSpec GATED = new LayerSpec.Gated(40, 16, Activation.RELU, GATE, 0);
  private static final LayerSpec HEAD = new LayerSpec.Dense(3, 8, Activation.IDENTITY);

  @Test
  void ofAGatedNetworkHasAllItsBlocks() {
    assertTwin(ModelSpec.of(20, List.of(GATED, HEAD), OutputForm.SOFTMAX), 40 * 20 + 3 * 40);
  }

  @Test
  void ofANetworkThatSelectsFeaturesReadsAllOfThem() {
    StageSpec only = new StageSpec(FeatureSelection.of(1, 4, 5), false, List.of(GATED, HEAD), null);
    assertTwin(new ModelSpec(20, List.of(only), OutputForm.SOFTMAX), 40 * 20 + 3 * 40);
  }

  @Test
  void ofANetworkOfStagesIsThePlainNetworkOfItsLastStage() {
    LayerSpec small = new LayerSpec.Dense(8, 8, Activation.RELU);
    StageSpec first =
        new StageSpec(
            FeatureSelection.of(0, 2),
            false,
            List.of(small, HEAD),
            new ExitSpec.Confidence(ExitSpec.Measure.MARGIN, 0.5f));
    StageSpec second =
        new StageSpec(FeatureSelection.all(), true, List.of(GATED, small, HEAD), null);
    ModelSpec spec = new ModelSpec(20, List.of(first, second), OutputForm.SOFTMAX);
    assertTwin(spec, spec.denseMacs());
  }

  /// Dead tiles of its gated layer, in weights of any precision: a twin that had them would leave them out.
  @Test
  void ofAPrunedNetworkHasNoDeadTiles() {
    ModelSpec spec = ModelSpec.of(100, List.of(GATED, HEAD), OutputForm.SOFTMAX);
    for (WeightPrecision precision : WeightPrecision.values()) {
      Arena arena = Arena.ofShared();
      Weights weights = Weights.allocate(arena, spec);
      try (Model f32 = new Model(spec, weights, Map.of(), arena)) {
        Panels panels = weights.layers().getFirst().projection().weights();
        for (int unit = 0; unit < 40; unit++) {
          panels.set(unit, unit < 16 ? 3 : 40, 0.25f);
        }
        Panels other = weights.layers().getLast().projection().weights();
        other.set(2, 7, 1f);
        try (Model model = f32.withPrecision(precision)) {
          TileMap tiles = TileMap.of(model.weights().layers().getFirst().projection().weights());
          assertTrue(tiles.isPruned(), precision.specName());
          assertTwin(model, 40 * 100 + 3 * 40);
        }
      }
    }
  }

  private static void assertTwin(ModelSpec spec, long denseMacs) {
    for (WeightPrecision precision : WeightPrecision.values()) {
      Arena arena = Arena.ofShared();
      try (Model f32 = new Model(spec, Weights.allocate(arena, spec), Map.of(), arena);
          Model model = f32.withPrecision(precision)) {
        assertTwin(model, denseMacs);
      }
    }
  }

  private static void assertTwin(Model model, long denseMacs) {
    ModelSpec spec = model.spec();
    assertEquals(denseMacs, spec.denseMacs());
    try (Model twin = DenseTwin.of(model);
        Predictor predictor = Predictor.of(twin)) {
      assertFalse(twin.spec().isGated());
      assertFalse(twin.spec().isStaged());
      assertEquals(model.precision(), twin.precision());
      assertEquals(spec.inputs(), predictor.inputs());
      float[] row = new float[spec.inputs()];
      Arrays.fill(row, 0.5f);
      predictor.predict(row, new float[spec.outputs()]);
      assertEquals(denseMacs, predictor.macs().structuralMacs());
      assertEquals(0, predictor.macs().skippedAsPrunedMacs());
    }
  }
}
