package dev.sluice.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.FloatDataset;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import dev.sluice.runtime.GateHealth;
import dev.sluice.runtime.PublishedMacs;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A network of 2 features, 24 gated units in 3 blocks of 8, and 2 classes, by hand: gate 0 opens where feature 0 is positive, gate 1
/// where feature 1 is, gate 2 never.
class ScoreTest {
  private static final ModelSpec SPEC =
      ModelSpec.gated(
          List.of(2, 24, 2),
          8,
          Activation.RELU,
          OutputForm.SOFTMAX,
          GateSpec.of(new LinearGate(), Granularity.BLOCK));

  private static Model model() {
    Arena arena = Arena.ofShared();
    Weights weights = Weights.allocate(arena, SPEC);
    Projection gate = weights.layers().get(0).gate().getFirst();
    set(gate, 0, 0, 1);
    set(gate, 1, 1, 1);
    gate.bias().set(ValueLayout.JAVA_FLOAT, 2 * Float.BYTES, -1f);
    // block 0 speaks for class 1, so that feature 0 decides
    Projection hidden = weights.layers().get(0).projection();
    set(hidden, 0, 0, 1);
    // no block is all zeros, which would count as pruned
    set(hidden, 8, 1, 1);
    set(hidden, 16, 0, 1);
    Projection output = weights.layers().get(1).projection();
    set(output, 1, 0, 1);
    output.bias().set(ValueLayout.JAVA_FLOAT, 0, 0.5f);
    return new Model(SPEC, weights, Map.of(), arena);
  }

  private static void set(Projection projection, int unit, int input, float value) {
    projection.weights().set(unit, input, value);
  }

  /// Rows (1, 1), (1, −1), (1, 1), (−1, 1) with labels 1, 1, 1, 0.
  private static FloatDataset rows() {
    float[] values = {1, 1, 1, -1, 1, 1, -1, 1};
    return FloatDataset.classification("hand", values, 2, new int[] {1, 1, 1, 0}, 2);
  }

  @Test
  void macsAndAccuracyAreThoseOfTheOpenBlocks() {
    try (Model model = model()) {
      Score score = Score.of(model, rows());
      assertEquals(4, score.rows());
      assertEquals(1, score.accuracy());
      // per open block 8·2 in the layer and 2·8 in the next, and the gate's 3·2: rows open 2, 1, 2,
      // 1
      assertEquals(6 + 32 * 1.5, score.macs(), 1e-12);
      assertEquals((6 + 32 * 1.5) / 96, score.relativeMacsSelf(), 1e-12);
      assertTrue(score.executedShare() > 0 && score.executedShare() < 1);
    }
  }

  @Test
  void gateHealthIsCountedOverRows() {
    try (Model model = model()) {
      GateHealth health = Score.of(model, rows()).gates();
      assertEquals(List.of(0.75, 0.75, 0.0), health.layers().getFirst().usage());
      assertEquals(1, health.layers().size());
      assertEquals(0.5, health.ratioMean(), 1e-12);
      // ratios 2/3, 1/3, 2/3, 1/3
      assertEquals(1.0 / 6, health.ratioStdDev(), 1e-12);
      assertEquals(3, health.distinctSets());
      assertEquals(0.5, health.commonestShare());
      // every set has one label: all of H(1/4, 3/4) is known
      double entropy = 2 - 0.75 * Math.log(3) / Math.log(2);
      assertEquals(entropy, health.mutualInformationBits(), 1e-12);
    }
  }

  @Test
  void publishedDefinitionsCountNoGate() {
    try (Model model = model()) {
      PublishedMacs published = Score.of(model, rows()).published();
      // a₁ = ½ of 2·24 and of 24·2
      assertEquals(0.5, published.bothSided(), 1e-12);
      assertEquals(0.75, published.inputSided(), 1e-12);
      assertEquals(0.75, published.lastLayerSided(), 1e-12);
    }
  }

  @Test
  void publishedDefinitionsDifferOnThreeLayers() {
    ModelSpec spec =
        ModelSpec.dense(List.of(100, 20, 10, 5), 8, Activation.RELU, OutputForm.SOFTMAX);
    PublishedMacs published = PublishedMacs.of(spec, List.of(0.5, 0.2, 1.0));
    double dense = 2000 + 200 + 50;
    assertEquals((1000 + 0.1 * 200 + 0.2 * 50) / dense, published.bothSided(), 1e-12);
    assertEquals((2000 + 0.5 * 200 + 0.2 * 50) / dense, published.inputSided(), 1e-12);
    assertEquals((2000 + 200 + 0.2 * 50) / dense, published.lastLayerSided(), 1e-12);
  }

  @Test
  void aDenseNetworkHasOneSetThatKnowsNothing() {
    ModelSpec spec = ModelSpec.dense(List.of(2, 8, 2), 8, Activation.RELU, OutputForm.SOFTMAX);
    Arena arena = Arena.ofShared();
    try (Model model = new Model(spec, Weights.allocate(arena, spec), Map.of(), arena)) {
      Score score = Score.of(model, rows());
      // all logits 0: the first class is the answer
      assertEquals(0.25, score.accuracy());
      assertEquals(1, score.relativeMacsSelf());
      assertEquals(List.of(1.0), score.stageShares());
      assertEquals(1, score.gates().ratioMean());
      assertEquals(1, score.gates().commonestShare());
      assertEquals(0, score.gates().mutualInformationBits(), 1e-12);
    }
  }
}
