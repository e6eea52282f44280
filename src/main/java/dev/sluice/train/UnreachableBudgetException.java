package dev.sluice.train;

import java.util.Locale;

/// No decision of a network's gates is as cheap as the budget asks: a matter of the blueprint, found before training.
public final class UnreachableBudgetException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// @param smallest relative MACs that can be had
  public UnreachableBudgetException(double budget, double smallest) {
    super(
        String.format(
            Locale.ROOT,
            "mac budget cannot be met: budget=%.3f, smallest=%.3f",
            budget,
            Math.ceil(smallest * 1000) / 1000));
  }
}
