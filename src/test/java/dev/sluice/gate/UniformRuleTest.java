package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class UniformRuleTest {
  private static final GateRule RULE = GateRules.parse("uniform:share=0.25,seed=3");

  private static String select(GateSelector selector, float... logits) {
    ActiveSet open = new ActiveSet(logits.length);
    selector.select(MemorySegment.ofArray(logits), 0, open);
    return open.toString();
  }

  @Test
  void rowsOfOtherLogitsHaveOtherDrawsAndTheSameRowTheSame() {
    GateSelector selector = RULE.selector(16);
    float[] row = new float[16];
    String first = select(selector, row);
    row[7] = 1e-6f;
    assertThat(select(selector, row)).isNotEqualTo(first);
    row[7] = 0;
    assertThat(select(RULE.selector(16), row)).isEqualTo(first);
  }

  @Test
  void everyGateIsOpenOnItsShareOfRowsWhateverItsLogit() {
    GateSelector selector = RULE.selector(2);
    Random random = new Random(1);
    int[] open = new int[2];
    int rows = 20_000;
    for (int row = 0; row < rows; row++) {
      String set = select(selector, (float) random.nextGaussian() - 5, 5);
      open[0] += set.contains("0") ? 1 : 0;
      open[1] += set.contains("1") ? 1 : 0;
    }
    assertThat((double) open[0] / rows).isCloseTo(0.25, Offset.offset(0.01));
    assertThat((double) open[1] / rows).isCloseTo(0.25, Offset.offset(0.01));
  }

  @Test
  void nothingIsLearned() {
    EstimatorBench bench = new EstimatorBench(RULE, 4, 2, 1);
    bench.decide();
    assertThat(bench.soft.get(1, 3)).isEqualTo(0.25f);
    assertThat(bench.weights[0]).containsOnly(1f);
    bench.endBatch(1, 2);
    double[][] gradients =
        bench.gradients(true, new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}}, new double[2][4]);
    assertThat(gradients[0]).containsOnly(0);
    assertThat(gradients[1]).containsOnly(0);
  }

  @Test
  void aShareBeyondItsRangeIsRefusedAndABudgetIsNotForIt() {
    assertThatThrownBy(() -> GateRules.parse("uniform:share=1.5")).hasMessageContaining("1.5");
    assertThatThrownBy(() -> GateRules.parse("uniform:share=0")).hasMessageContaining("share=0.0");
    assertThat(RULE.opensByLogits(8)).isFalse();
  }
}
