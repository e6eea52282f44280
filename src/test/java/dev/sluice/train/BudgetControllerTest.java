package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetControllerTest {
  @Test
  void theTargetFallsFromOneToTheBudgetAndStays() {
    BudgetController controller = controller(GateOptions.builder().macBudget(0.2).build(), 1000);
    assertThat(controller.target(0)).isEqualTo(1);
    assertThat(controller.target(0.05)).isEqualTo(1);
    assertThat(controller.target(0.25)).isCloseTo(0.6, Offset.offset(1e-9));
    assertThat(controller.target(0.45)).isEqualTo(0.2);
    assertThat(controller.target(1)).isEqualTo(0.2);
  }

  @Test
  void withoutABudgetNothingIsWeighted() {
    BudgetController controller = controller(GateOptions.builder().build(), 1000);
    assertThat(controller.weight(1, 0.9)).isZero();
  }

  /// A process whose cost answers to λ with a delay, with very different gains: what a fixed gain could not hold.
  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.2, 2, 20})
  void aLaggingProcessIsBroughtToTheBudgetWithoutSwinging(double weightForHalf) {
    int steps = 2000;
    BudgetController controller = controller(GateOptions.builder().macBudget(0.25).build(), steps);
    double macs = 1;
    double low = 1;
    for (int step = 0; step < steps; step++) {
      double weight = controller.weight(macs, (double) step / steps);
      double settled = 1 / (1 + weight / weightForHalf);
      macs += (settled - macs) / 30;
      low = Math.min(low, macs);
    }
    assertThat(macs).isCloseTo(0.25, Offset.offset(0.005));
    assertThat(low).isGreaterThan(0.2);
  }

  @Test
  void restoredIntegralsContinue() {
    BudgetController first = controller(GateOptions.builder().macBudget(0.25).build(), 100);
    BudgetController second = controller(GateOptions.builder().macBudget(0.25).build(), 100);
    for (int step = 0; step < 50; step++) {
      first.weight(0.9, step / 100.0);
    }
    second.restore(first.integral());
    assertThat(second.weight(0.8, 0.5)).isEqualTo(first.weight(0.8, 0.5));
  }

  private static BudgetController controller(GateOptions options, long steps) {
    return new BudgetController(options.macBudget(), options, steps);
  }
}
