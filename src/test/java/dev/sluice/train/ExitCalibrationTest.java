package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.Dial;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// By hand: stage 0 costs 10 of 100 MACs, going on to stage 1 costs 100 in all.
class ExitCalibrationTest {
  private static final float[] CONFIDENCES = {0.9f, 0.5f, 0.7f, 0.6f, 0.99f};
  private static final boolean[] FIRST_RIGHT = {true, false, true, true, true};
  private static final boolean[] SECOND_RIGHT = {true, true, true, false, true};

  private static ExitTable table() {
    ExitTable table = new ExitTable(5, 2, 100, true);
    for (int row = 0; row < 5; row++) {
      table.set(0, row, CONFIDENCES[row], FIRST_RIGHT[row], 10, 0.5);
      table.set(1, row, Float.NaN, SECOND_RIGHT[row], 100, 0.25);
    }
    return table;
  }

  /// Rows in ascending confidence: 1, 3, 2, 0, 4. With `k` rows going on the mean is `(10·(5−k) + 100·k)/500 = 0.1 + 0.18·k`.
  @Test
  void theThresholdIsTheLargestWithinTheBudget() {
    ExitCalibration calibration = new ExitCalibration(table());
    assertThat(calibration.forBudget(0.1)).isEqualTo(setting(0.1, 4, 0f));
    assertThat(calibration.forBudget(0.27)).isEqualTo(setting(0.1, 4, 0f));
    assertThat(calibration.forBudget(0.28)).isEqualTo(setting(0.28, 5, 0.6f));
    assertThat(calibration.forBudget(0.5)).isEqualTo(setting(0.46, 4, 0.7f));
    assertThat(calibration.forBudget(1)).isEqualTo(setting(1, 4, ExitCalibration.NEVER));
  }

  private static Dial.Setting setting(double relativeMacs, int right, float threshold) {
    return new Dial.Setting(relativeMacs, right / 5.0, List.of(threshold), 0);
  }

  @Test
  void aBudgetThatNothingMeetsGetsTheCheapest() {
    Dial.Setting cheapest = new ExitCalibration(table()).forBudget(0.01);
    assertThat(cheapest).isEqualTo(setting(0.1, 4, 0f));
  }

  @Test
  void aDialHasNothingThatCostsMoreForNoMoreRightAnswers() {
    Dial dial = new ExitCalibration(table()).dial(9);
    assertThat(dial.settings()).containsExactly(setting(0.1, 4, 0f), setting(0.28, 5, 0.6f));
  }

  @Test
  void anEvaluationIsOfTheAnswersThatTheThresholdsChoose() {
    Evaluation evaluation = table().evaluation(List.of(0.65f));
    assertThat(evaluation.relativeMacs()).isEqualTo((3 * 10 + 2 * 100) / 500.0);
    assertThat(evaluation.accuracy()).as("row 3 goes on and goes wrong").isEqualTo(0.8);
    assertThat(evaluation.loss()).isCloseTo((3 * 0.5 + 2 * 0.25) / 5, Offset.offset(1e-12));
    assertThat(table().answered(List.of(0.65f))).containsExactly(3, 2);
    assertThatThrownBy(() -> table().evaluation(List.of()))
        .hasMessage("exit thresholds differ from exits: expected=1, actual=0");
  }

  @Test
  void aNanConfidenceNeverStops() {
    ExitTable table = new ExitTable(2, 2, 100, true);
    table.set(0, 0, Float.NaN, true, 10, 0);
    table.set(0, 1, 0.5f, true, 10, 0);
    table.set(1, 0, Float.NaN, true, 100, 0);
    table.set(1, 1, Float.NaN, true, 100, 0);
    assertThat(table.answer(0, List.of(0f))).isEqualTo(1);
    assertThat(table.answer(1, List.of(0f))).isZero();
    assertThat(new ExitCalibration(table).forBudget(0.55).exitThresholds()).containsExactly(0f);
  }

  /// The first exit's confidence says nothing, the second's everything: a good search spends on neither too early.
  @Test
  void severalExitsStayWithinTheBudgetAndBeatTheCommonQuantile() {
    for (long seed = 1; seed <= 5; seed++) {
      ExitTable table = threeStages(seed);
      ExitCalibration calibration = new ExitCalibration(table);
      double before = 0;
      for (double budget : new double[] {0.1, 0.2, 0.3, 0.5, 0.8}) {
        Dial.Setting setting = calibration.forBudget(budget);
        assertThat(setting.relativeMacs()).as("seed %d", seed).isLessThanOrEqualTo(budget);
        assertThat(setting.relativeMacs()).isEqualTo(table.relativeMacs(setting.exitThresholds()));
        assertThat(setting.accuracy())
            .as("seed %d, budget %s", seed, budget)
            .isGreaterThanOrEqualTo(commonQuantile(table, budget))
            .isGreaterThanOrEqualTo(before - 0.02);
        before = setting.accuracy();
      }
      List<Dial.Setting> dial = calibration.dial(12).settings();
      for (int index = 1; index < dial.size(); index++) {
        assertThat(dial.get(index).accuracy()).isGreaterThan(dial.get(index - 1).accuracy());
      }
    }
  }

  /// Uniform confidences: the quantile is the threshold.
  private static double commonQuantile(ExitTable table, double budget) {
    double best = 0;
    for (int step = 0; step <= 1000; step++) {
      List<Float> thresholds = List.of(step / 1000f, step / 1000f);
      if (table.relativeMacs(thresholds) <= budget) {
        best = (double) table.rightCount(thresholds) / table.rows();
      }
    }
    return best - 0.01;
  }

  private static ExitTable threeStages(long seed) {
    Random random = new Random(seed);
    ExitTable table = new ExitTable(2000, 3, 100, true);
    for (int row = 0; row < 2000; row++) {
      float ease = random.nextFloat();
      table.set(0, row, random.nextFloat(), random.nextFloat() < 0.6f, 5, 1);
      table.set(1, row, ease, random.nextFloat() < ease, 25, 1);
      table.set(2, row, Float.NaN, random.nextFloat() < 0.9f, 100, 1);
    }
    return table;
  }
}
