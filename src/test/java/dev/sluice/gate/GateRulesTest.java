package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "threshold:temperature=0.3,threshold=0.7,minimum=2",
        "top-k:k=7,temperature=0.1",
        "bernoulli:at=threshold,clamp=0.0,baseline=batch-minimum",
        "bernoulli:at=sample,seed=-9000000000,clamp=0.01,baseline=leave-one-out",
        "bernoulli:at=top,k=3,clamp=0.01,baseline=running-mean",
        "noisy-top-k:k=2,importance=0.3,load=0.0",
        "switch:capacity=2.0,balance=0.01,z=0.0"
      })
  void aRulesTextIsReadBackAsWritten(String text) {
    GateRule rule = GateRules.parse(text);
    assertThat(GateRules.format(rule)).isEqualTo(text);
    assertThat(GateRules.parse(GateRules.format(rule))).isEqualTo(rule);
  }

  @Test
  void everyRuleHasDefaults() {
    for (String name : GateRules.names()) {
      GateRule rule = GateRules.parse(name);
      assertThat(rule.name()).isEqualTo(name);
      assertThat(GateRules.parse(GateRules.format(rule))).isEqualTo(rule);
    }
    assertThat(GateRules.format(GateRules.parse("switch")))
        .isEqualTo("switch:capacity=1.25,balance=0.01,z=0.001");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topk | unknown gate rule: name=topk",
        "top-k:k | part=k",
        "top-k:k=two | not a whole number",
        "top-k:k=0 | k=0",
        "top-k:k=1,k=2 | part=k=2",
        "top-k:m=2 | unknown=[m]",
        "bernoulli:at=sometimes | known=[threshold, top, sample]",
        "bernoulli:k=3 | k goes with decisions by top: at=threshold, k=3",
        "bernoulli:at=top | k=0",
        "bernoulli:seed=3 | seed=3",
        "bernoulli:clamp=0.5 | clamp=0.5",
        "noisy-top-k:load=-1 | load=-1.0",
        "switch:capacity=0 | capacity=0.0",
        "switch:z=NaN | z=NaN"
      })
  void aWrongTextIsRefusedWithItsValues(String text, String message) {
    assertThatThrownBy(() -> GateRules.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static ActiveSet select(GateSelector selector, float... logits) {
    return selectOf(selector, logits.length, logits);
  }

  private static ActiveSet selectOf(GateSelector selector, int gates, float... logits) {
    ActiveSet open = new ActiveSet(gates);
    selector.select(MemorySegment.ofArray(logits), 0, open);
    return open;
  }

  @Test
  void topKOpensTheLargestOfEqualOnesTheFirst() {
    GateSelector selector = GateRules.parse("top-k:k=2,temperature=0.5").selector(4);
    assertThat(select(selector, 1, 3, 2, 3)).hasToString("[1, 3]");
    assertThat(select(selector, 2, 2, 2, -1)).hasToString("[0, 1]");
    assertThat(select(selector, Float.NaN, Float.NEGATIVE_INFINITY, Float.NaN, -5))
        .hasToString("[1, 3]");
    select(selector, 1, 3, 2, 3);
    assertThat(selector.weight(1)).isCloseTo(0.997527f, Offset.offset(1e-6f));
  }

  @Test
  void routersWeighByShares() {
    float[] logits = {0, (float) Math.log(3), (float) Math.log(2), 9, 9, 9};
    GateSelector noisy = GateRules.parse("noisy-top-k:k=2").selector(3);
    assertThat(selectOf(noisy, 3, logits)).hasToString("[1, 2]");
    assertThat(noisy.weight(1)).isCloseTo(0.6f, Offset.offset(1e-6f));
    assertThat(noisy.weight(2)).isCloseTo(0.4f, Offset.offset(1e-6f));
    GateSelector single = GateRules.parse("switch").selector(3);
    assertThat(selectOf(single, 3, logits)).hasToString("[1]");
    assertThat(single.weight(1)).isCloseTo(0.5f, Offset.offset(1e-6f));
  }

  @Test
  void aPolicyDecidesByThresholdOrByTheLargest() {
    GateSelector threshold = GateRules.parse("bernoulli").selector(4);
    assertThat(select(threshold, -0.1f, 0, 0.1f, 5)).hasToString("[2, 3]");
    assertThat(threshold.weight(3)).isCloseTo(0.98f * 0.993307f + 0.01f, Offset.offset(1e-6f));
    threshold.shift(0.2f);
    assertThat(select(threshold, -0.1f, 0, 0.1f, 5)).hasToString("[0, 1, 2, 3]");
    GateSelector top = GateRules.parse("bernoulli:at=top,k=1").selector(4);
    assertThat(select(top, -3, -1, -2, -1)).hasToString("[1]");
  }

  @Test
  void aSampledDecisionDependsOnSeedGateAndLogitsAlone() {
    GateRule rule = GateRules.parse("bernoulli:at=sample,seed=5");
    float[] logits = {0.3f, -0.2f, 0, 1, -1, 0.5f, 0.1f, -0.4f};
    GateSelector first = rule.selector(8);
    String expected = select(first, logits).toString();
    select(first, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(select(first, logits)).hasToString(expected);
    assertThat(select(rule.selector(8), logits)).hasToString(expected);
    int changed = 0;
    for (int seed = 6; seed < 16; seed++) {
      GateSelector other = GateRules.parse("bernoulli:at=sample,seed=" + seed).selector(8);
      changed += select(other, logits).toString().equals(expected) ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(7);
  }

  @Test
  void sampledGatesOpenAsOftenAsTheirProbabilitySays() {
    GateSelector selector = GateRules.parse("bernoulli:at=sample,clamp=0").selector(3);
    Random random = new Random(1);
    int rows = 20_000;
    double expected = 0;
    int[] open = new int[3];
    for (int row = 0; row < rows; row++) {
      float noise = (float) random.nextGaussian();
      ActiveSet set = select(selector, noise, -2, 1);
      expected += EstimatorBench.sigmoid(noise);
      for (int position = 0; position < set.count(); position++) {
        open[set.index(position)]++;
      }
    }
    assertThat(open[0] / expected).isCloseTo(1, Offset.offset(0.03));
    assertThat((double) open[1] / rows).isCloseTo(0.1192, Offset.offset(0.01));
    assertThat((double) open[2] / rows).isCloseTo(0.7311, Offset.offset(0.01));
  }

  @Test
  void onlyRulesWhoseNumberOfOpenGatesMovesWithLogitsCanMeetABudget() {
    assertThat(GateRules.parse("threshold").opensByLogits(8)).isTrue();
    assertThat(GateRules.parse("bernoulli").opensByLogits(8)).isTrue();
    assertThat(GateRules.parse("bernoulli:at=top,k=2").opensByLogits(8)).isFalse();
    assertThat(GateRules.parse("top-k:k=2").opensByLogits(8)).isFalse();
    assertThat(GateRules.parse("noisy-top-k:k=2").opensByLogits(8)).isFalse();
    assertThat(GateRules.parse("switch").opensByLogits(8)).isFalse();
  }
}
