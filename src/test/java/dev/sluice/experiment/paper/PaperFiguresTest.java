package dev.sluice.experiment.paper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.Dataset;
import dev.sluice.data.FloatDataset;
import dev.sluice.data.StrokeDigits;
import dev.sluice.experiment.Score;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LightGate;
import dev.sluice.gate.SwitchRule;
import dev.sluice.gate.TopKRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.NamedTensor;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.StageSpec;
import dev.sluice.model.Weights;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Figures of networks whose weights are set by hand or drawn.
class PaperFiguresTest {
  private static final FloatDataset FOUR =
      FloatDataset.classification(
          "four", new float[] {1, 0, 1, 0, 1, 0, 1, 0}, 2, new int[] {1, 1, 1, 1}, 2);

  private static Measured measured(Model model, Dataset rows, int batchRows) {
    return new Measured(model, Score.of(model, rows), rows, rows, batchRows, 1);
  }

  private static Model zeros(ModelSpec spec) {
    Arena arena = Arena.ofShared();
    return new Model(spec, Weights.allocate(arena, spec), Map.of(), arena);
  }

  private static Model drawn(ModelSpec spec, long seed) {
    Random random = new Random(seed);
    Model model = zeros(spec);
    for (LayerWeights layer : model.weights().layers()) {
      draw(layer.projection(), random);
      for (Chain chain : Chain.values()) {
        layer.chain(chain).forEach(product -> draw(product, random));
      }
    }
    return model;
  }

  private static void draw(Projection product, Random random) {
    for (int unit = 0; unit < product.spec().units(); unit++) {
      for (int input = 0; input < product.spec().inputs(); input++) {
        product.weights().set(unit, input, (float) random.nextGaussian());
      }
    }
  }

  private static FloatDataset drawnRows(int rows, int features, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * features];
    for (int index = 0; index < values.length; index++) {
      values[index] = random.nextFloat();
    }
    return FloatDataset.classification("drawn", values, features, new int[rows], 3);
  }

  private static ModelSpec light(Granularity granularity, int open) {
    GateSpec gate = new GateSpec(new LightGate(), granularity, 1, new TopKRule(open, 1), true);
    return ModelSpec.gated(List.of(4, 16, 3), 8, Activation.RELU, OutputForm.SOFTMAX, gate, 2);
  }

  @Test
  void closedUnitsAreFreeButLightPathAndGateAreNot() {
    try (Model model = drawn(light(Granularity.UNIT, 4), 1)) {
      // 4·16/4 of the full path, 2·16 of the gate, 4·2 + 2·16 of the light path, 16·3 of the head;
      // dense 4·16 + 16·3
      assertEquals(
          (16 + 32 + 40 + 48) / 112.0, UnitMacs.relative(measured(model, drawnRows(9, 4, 1), 4)));
    }
  }

  @Test
  void byBlocksTheRuntimeCountsTheSame() {
    try (Model model = drawn(light(Granularity.BLOCK, 1), 2)) {
      Measured net = measured(model, drawnRows(9, 4, 2), 4);
      assertEquals(net.score().relativeMacsSelf(), UnitMacs.relative(net), 1e-12);
    }
  }

  @Test
  void hiddenValuesAreWhatTheHeadReads() {
    FloatDataset rows = drawnRows(5, 4, 3);
    ModelSpec spec = ModelSpec.dense(List.of(4, 16, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    try (Model model = drawn(spec, 3);
        Predictor predictor = Predictor.of(model)) {
      float[] hidden = HiddenValues.open(model, rows);
      Projection head = model.weights().layers().getLast().projection();
      float[] features = new float[4];
      float[] logits = new float[3];
      for (int row = 0; row < rows.rows(); row++) {
        rows.copyFeatures(row, MemorySegment.ofArray(features), 0);
        predictor.logits(features, logits);
        for (int output = 0; output < 3; output++) {
          double sum = 0;
          for (int unit = 0; unit < 16; unit++) {
            sum += (double) head.weights().get(output, unit) * hidden[16 * row + unit];
          }
          assertEquals(sum, logits[output], 1e-4, "row=" + row + ", output=" + output);
        }
      }
      assertTrue(model.isOpen());
    }
  }

  @Test
  void closedUnitsHaveNoHiddenValueThoughTheLightPathGivesThemOne() {
    FloatDataset rows = drawnRows(20, 4, 4);
    for (Granularity granularity : Granularity.values()) {
      int open = granularity == Granularity.UNIT ? 3 : 1;
      int units = granularity == Granularity.UNIT ? 3 : 8;
      try (Model model = drawn(light(granularity, open), 4)) {
        float[] hidden = HiddenValues.open(model, rows);
        int most = 0;
        for (int row = 0; row < rows.rows(); row++) {
          int used = 0;
          for (int unit = 0; unit < 16; unit++) {
            used += hidden[16 * row + unit] != 0 ? 1 : 0;
          }
          assertTrue(used <= units, granularity + ", row=" + row + ", used=" + used);
          most = Math.max(most, used);
        }
        assertTrue(most > 1, granularity + ", most=" + most);
      }
    }
  }

  @Test
  void rowsBeyondCapacityGetTheAnswerOfTheHeadsBiases() {
    // all rows go to expert 0, which speaks for class 1; the biases speak for class 0
    for (float capacity : new float[] {1, 2}) {
      LayerSpec experts = Experts.layer(16, 2, 8, Activation.RELU, new SwitchRule(capacity, 0, 0));
      ModelSpec spec =
          ModelSpec.of(
              2,
              List.of(experts, new LayerSpec.Dense(2, 8, Activation.IDENTITY)),
              OutputForm.SOFTMAX);
      try (Model model = zeros(spec)) {
        LayerWeights layer = model.weights().layers().getFirst();
        layer.gate().getFirst().weights().set(0, 0, 5);
        layer.projection().weights().set(0, 0, 1);
        Projection head = model.weights().layers().getLast().projection();
        head.weights().set(1, 0, 3);
        head.bias().set(ValueLayout.JAVA_FLOAT, 0, 0.5f);
        Measured net = measured(model, FOUR, 4);
        assertEquals(1, net.score().accuracy());
        assertEquals(1, Experts.loadVariation(net), 1e-12);
        assertEquals(2, Experts.mostLoaded(net), 1e-12);
        assertEquals(0, Experts.usageEntropy(net), 1e-12);
        assertEquals(4, Experts.routerMacs(net));
        // room for capacity · 4 / 2 of 4 rows; of batches of 3 and 1, ⌈1.5⌉ and 1 with capacity 1
        double share = capacity == 1 ? 0.5 : 0;
        assertEquals(new CapacityDrops(share, 1 - share), CapacityDrops.of(net));
        double thirds = capacity == 1 ? 0.25 : 0;
        assertEquals(thirds, CapacityDrops.of(model, FOUR, 3).share());
      }
    }
  }

  @Test
  void expertsAreGroupsOfBlocks() {
    LayerSpec.Gated layer = Experts.layer(512, 8, 32, Activation.RELU, new SwitchRule(1.25f, 0, 0));
    assertEquals(8, layer.gates());
    assertEquals(2, layer.gate().blocksPerGate());
    assertEquals(32, layer.blockSize());
  }

  @Test
  void ponderCostIsTheStagesPlusWhatIsLeftToTheLast() {
    // h = ½: stops at the second of three with ½ left; h = 0.3: at the last, with 0.4 left
    assertEquals(2.5, ponder(0.5), 1e-6);
    assertEquals(3.4, ponder(0.3), 1e-6);
    // above 1 − ε at once: nothing but the first stage, R = 1
    assertEquals(2, ponder(0.995), 1e-6);
  }

  private static double ponder(double share) {
    StageSpec first = stage(false);
    ModelSpec spec = new ModelSpec(2, List.of(first, stage(true), stage(true)), OutputForm.SOFTMAX);
    try (Model model = zeros(spec)) {
      float logit = (float) Math.log(share / (1 - share));
      for (NamedTensor tensor : model.weights().tensors()) {
        if (tensor.name().contains(".halt.") && tensor.name().endsWith(".bias")) {
          tensor.segment().set(ValueLayout.JAVA_FLOAT, 0, logit);
        }
      }
      Measured net = measured(model, FOUR, 4);
      // R is above 0 and at most 1
      assertEquals(Math.ceil(Pondering.cost(net)) - 1, Pondering.stages(net));
      return Pondering.cost(net);
    }
  }

  private static StageSpec stage(boolean shares) {
    return new StageSpec(
        FeatureSelection.all(),
        shares,
        List.of(
            new LayerSpec.Dense(8, 8, Activation.RELU),
            new LayerSpec.Dense(2, 8, Activation.IDENTITY)),
        new ExitSpec.Halting(0.01f));
  }

  @Test
  void noiseHasTheDeviationAskedForAndIsTheSameEveryTime() {
    FloatDataset rows = FloatDataset.classification("flat", new float[4000], 2, new int[2000], 2);
    NoisyRows noisy = new NoisyRows(rows, new double[] {0.3, 0}, 7);
    float[] features = new float[2];
    float[] again = new float[2];
    double squares = 0;
    for (int row = 0; row < rows.rows(); row++) {
      noisy.copyFeatures(row, MemorySegment.ofArray(features), 0);
      noisy.copyFeatures(row, MemorySegment.ofArray(again), 0);
      assertArrayEquals(features, again);
      assertEquals(0, features[1]);
      squares += features[0] * features[0];
    }
    assertEquals(0.3, Math.sqrt(squares / rows.rows()), 0.02);
  }

  @Test
  void rangesAreOfFeaturesAndOfPicturesAllTogether() {
    FloatDataset table =
        FloatDataset.classification("t", new float[] {1, -2, 4, 8}, 2, new int[2], 2);
    assertArrayEquals(new double[] {3, 10}, NoisyRows.ranges(table));
    double[] pixels = NoisyRows.ranges(StrokeDigits.generate(20, 1));
    assertEquals(pixels[0], Arrays.stream(pixels).max().orElseThrow());
    assertEquals(
        Collections.nCopies(pixels.length, pixels[0]), Arrays.stream(pixels).boxed().toList());
  }
}
