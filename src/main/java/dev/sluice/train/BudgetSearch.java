package dev.sluice.train;

import java.util.function.DoubleUnaryOperator;

/// Finds the number that, added to all gate logits, brings the mean relative MACs onto a budget. More opens more gates, so bisection does.
final class BudgetSearch {
  /// Where looking on is in vain: single rows of a validation split flip more than this.
  private static final double CLOSE_ENOUGH = 0.0003;

  /// In temperatures: no trained logit is beyond it.
  private static final double LARGEST_OFFSET = 32;

  private static final int STEPS = 24;

  private BudgetSearch() {}

  /// @param relativeMacs by the number added
  /// @param scale of the logits: the temperature
  /// @return what came closest
  static double closest(DoubleUnaryOperator relativeMacs, double budget, double scale) {
    double best = 0;
    double bestError = relativeMacs.applyAsDouble(0) - budget;
    double low = bestError > 0 ? -LARGEST_OFFSET * scale : 0;
    double high = bestError > 0 ? 0 : LARGEST_OFFSET * scale;
    for (int step = 0; step < STEPS && Math.abs(bestError) > CLOSE_ENOUGH; step++) {
      double middle = low + (high - low) / 2;
      double error = relativeMacs.applyAsDouble(middle) - budget;
      if (Math.abs(error) < Math.abs(bestError)) {
        best = middle;
        bestError = error;
      }
      if (error > 0) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return best;
  }
}
