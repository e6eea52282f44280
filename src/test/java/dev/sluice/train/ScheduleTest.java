package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);

  @Test
  void linearReachesItsEndWhereItIsTold() {
    Schedule schedule = Schedule.linear(0.45, 0.95, 0.5);
    assertThat(schedule.at(0)).isEqualTo(0.45);
    assertThat(schedule.at(0.25)).isCloseTo(0.70, EXACT);
    assertThat(schedule.at(0.5)).isEqualTo(0.95);
    assertThat(schedule.at(0.9)).isEqualTo(0.95);
  }

  @Test
  void exponentialHalvesInEqualSteps() {
    Schedule schedule = Schedule.exponential(4, 0.25, 1);
    assertThat(schedule.at(0)).isEqualTo(4);
    assertThat(schedule.at(0.25)).isCloseTo(2, EXACT);
    assertThat(schedule.at(0.5)).isCloseTo(1, EXACT);
    assertThat(schedule.at(1)).isEqualTo(0.25);
  }

  @Test
  void constantStays() {
    assertThat(Schedule.constant(0.7).at(0)).isEqualTo(0.7);
    assertThat(Schedule.constant(0.7).at(0.3)).isEqualTo(0.7);
  }

  @Test
  void exponentialThroughZeroIsRejected() {
    assertThatThrownBy(() -> Schedule.exponential(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("exponential schedule is not positive: start=1.0, end=0.0");
    assertThatThrownBy(() -> Schedule.linear(1, Double.NaN, 1))
        .hasMessageContaining("schedule end=NaN");
    assertThatThrownBy(() -> Schedule.linear(1, 2, 0)).hasMessageContaining("untilShare=0.0");
  }

  /// Values computed by hand from the formulas.
  @Test
  void oneCycleClimbsFromOneTwentyFifthAndFallsToItsFraction() {
    LearningRate rate = new LearningRate(LearningRate.Shape.ONE_CYCLE, 1e-2, 0.3, 1e-4);
    assertThat(rate.at(0, 1000)).isCloseTo(4e-4, EXACT);
    assertThat(rate.at(150, 1000)).isCloseTo((4e-4 + 1e-2) / 2, EXACT);
    assertThat(rate.at(300, 1000)).isCloseTo(1e-2, EXACT);
    assertThat(rate.at(650, 1000)).isCloseTo((1e-2 + 1e-6) / 2, EXACT);
    assertThat(rate.at(999, 1000)).isBetween(1e-6, 1.1e-6);
  }

  @Test
  void cosineWarmsUpLinearlyAndEndsAtZero() {
    LearningRate rate = LearningRate.cosine(0.1, 0.1);
    assertThat(rate.at(0, 100)).isCloseTo(0.01, EXACT);
    assertThat(rate.at(4, 100)).isCloseTo(0.05, EXACT);
    assertThat(rate.at(10, 100)).isCloseTo(0.1, EXACT);
    assertThat(rate.at(55, 100)).isCloseTo(0.05, EXACT);
    assertThat(rate.at(100, 100)).isCloseTo(0, EXACT);
  }

  @Test
  void constantRateIsItsPeakFromTheFirstStep() {
    assertThat(LearningRate.constant(0.3).at(0, 10)).isEqualTo(0.3);
    assertThat(LearningRate.constant(0.3).at(9, 10)).isEqualTo(0.3);
  }

  @Test
  void aSingleStepHasARate() {
    assertThat(LearningRate.oneCycle(1e-3).at(0, 1)).isPositive();
    assertThat(LearningRate.cosine(1e-3, 0.5).at(0, 1)).isPositive();
  }
}
