package dev.sluice.cli;

import dev.sluice.runtime.Budget;
import dev.sluice.runtime.Predictor;
import picocli.CommandLine.Option;

/// What a row may cost.
final class BudgetOption {
  private static final String NAME = "--budget";

  @Option(
      names = NAME,
      paramLabel = "B",
      description =
          "What a row may cost: mean relative MACs (0.1) or mean time (60us) by the model's dial,"
              + " or a cap for every row (60000macs); default: none.")
  private String text = "none";

  /// Refuses what is no budget before any work is done.
  void require(CommonOptions common) {
    common.option(NAME, () -> Budget.parse(text));
  }

  boolean isGiven() {
    return !text.equals("none");
  }

  String text() {
    return text;
  }

  /// To be called after [#require].
  Budget wanted() {
    return Budget.parse(text);
  }

  /// To be called after [#require].
  void apply(Predictor predictor) {
    settled(predictor);
  }

  /// Applies it and returns what it comes to, see [Predictor#settled]; to be called after [#require]. How quick the machine is can only be told of compiled code.
  Budget settled(Predictor predictor) {
    Budget wanted = wanted();
    if (wanted instanceof Budget.Within) {
      predictor.warmUp();
    }
    try {
      Budget settled = predictor.settled(wanted);
      predictor.budget(settled);
      return settled;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage() + ", budget=" + text);
    }
  }
}
