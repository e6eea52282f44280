package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.StaticGate;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.BitSet;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GateHealthTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);

  /// One input x; gate `index` of four opens for x > index; three more gates of a second layer never change: open, open, closed.
  private static Model staircase() {
    GateSpec linear =
        new GateSpec(new LinearGate(), Granularity.BLOCK, new ThresholdRule(1, .5f, 0));
    GateSpec constant =
        new GateSpec(new StaticGate(), Granularity.BLOCK, 2, new ThresholdRule(1, .5f, 0), false);
    ModelSpec spec =
        ModelSpec.of(
            1,
            List.of(
                new LayerSpec.Gated(32, 8, Activation.RELU, linear),
                new LayerSpec.Gated(40, 8, Activation.RELU, constant),
                new LayerSpec.Dense(2, 8, Activation.IDENTITY)),
            OutputForm.IDENTITY);
    Model model = TestModels.zeros(spec);
    var gate = TestModels.gate(model, 0, 0);
    for (int index = 0; index < 4; index++) {
      gate.weights().set(index, 0, 1f);
      TestModels.setBias(gate, index, -index);
    }
    for (int index = 0; index < 3; index++) {
      TestModels.setBias(TestModels.gate(model, 1, 0), index, index < 2 ? 1 : -1);
    }
    return model;
  }

  /// Rows 0.5, 0.5, 1.5, 3.5 open 1, 1, 2, 4 of the first layer's gates and 2 of 3 of the second's; labels 0, 0, 1, 1.
  @Test
  void allFiguresAreThoseWorkedByHand() {
    try (Model model = staircase()) {
      Predictor predictor = Predictor.of(model);
      GateHealth.Builder builder = GateHealth.builder(model.spec());
      float[] rows = {0.5f, 0.5f, 1.5f, 3.5f};
      int[] labels = {0, 0, 1, 1};
      for (int row = 0; row < rows.length; row++) {
        predictor.predict(new float[] {rows[row]}, new float[2]);
        builder.add(predictor, labels[row]);
      }
      GateHealth health = builder.build();
      assertThat(health.rows()).isEqualTo(4);
      // 3, 3, 4, 6 of 7 gates: mean 4/7, deviations −1, −1, 0, 2 sevenths
      assertThat(health.ratioMean()).isCloseTo(4 / 7.0, CLOSE);
      assertThat(health.ratioStdDev()).isCloseTo(Math.sqrt(6 / 4.0) / 7, CLOSE);
      assertThat(health.commonestShare()).isEqualTo(0.5);
      assertThat(health.distinctSets()).isEqualTo(3);
      // the set tells the label, which has one bit
      assertThat(health.mutualInformationBits()).isCloseTo(1, CLOSE);
      GateHealth.Layer first = health.layers().getFirst();
      assertThat(first.usage()).containsExactly(1.0, 0.5, 0.25, 0.25);
      // mean ½, squared deviations ¼, 0, 1/16, 1/16
      assertThat(first.loadVariation()).isCloseTo(Math.sqrt(0.375 / 4) / 0.5, CLOSE);
      // shares ½, ¼, ⅛, ⅛
      assertThat(first.usageEntropyBits()).isCloseTo(1.75, CLOSE);
      GateHealth.Layer second = health.layers().getLast();
      assertThat(second.layer()).isEqualTo(1);
      assertThat(second.usage()).containsExactly(1.0, 1.0, 0.0);
      assertThat(second.usageEntropyBits()).isCloseTo(1, CLOSE);
      assertThat(second.commonestShare()).isEqualTo(1);
      assertThat(second.mutualInformationBits()).isZero();
    }
  }

  /// Sets A, A, B, B with labels 0, 1, 1, 1: p(A,0) = ¼, p(A,1) = ¼, p(B,1) = ½, p(0) = ¼.
  @Test
  void mutualInformationIsTheSumOverPairs() {
    ActiveSetCounts counts = new ActiveSetCounts();
    BitSet a = new BitSet();
    BitSet b = new BitSet();
    b.set(1);
    counts.add(a, 0);
    counts.add(a, 1);
    counts.add(b, 1);
    counts.add(b, 1);
    double log2 = Math.log(2);
    double expected =
        0.25 * Math.log(0.25 / (0.5 * 0.25)) / log2
            + 0.25 * Math.log(0.25 / (0.5 * 0.75)) / log2
            + 0.5 * Math.log(0.5 / (0.5 * 0.75)) / log2;
    assertThat(counts.mutualInformationBits()).isCloseTo(expected, CLOSE);
    assertThat(expected).isCloseTo(0.311278124459, Offset.offset(1e-11));
  }

  @Test
  void withoutRowsThereIsNoHealth() {
    try (Model model = staircase()) {
      assertThatThrownBy(() -> GateHealth.builder(model.spec()).build())
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
