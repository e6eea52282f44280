package dev.sluice.cli;

import dev.sluice.train.GateOptions;
import dev.sluice.train.TrainingOptions;
import java.util.List;

/// What quickstart trains on and how; all three networks are trained the same way.
///
/// @param widths of the dense and the gated network
/// @param macBudget of the gated one
/// @param latencyRounds how often each network's latency is measured over `latencyRows` rows
record QuickstartPlan(
    int trainingRows,
    int validationRows,
    int testRows,
    List<Integer> widths,
    double macBudget,
    int epochs,
    long seed,
    int latencyRounds,
    int latencyRows) {
  QuickstartPlan {
    widths = List.copyOf(widths);
  }

  /// Within a minute on two cores.
  static QuickstartPlan standard(long seed) {
    return new QuickstartPlan(
        16_000, 2_000, 4_000, List.of(784, 512, 512, 10), 0.25, 10, seed, 20, 500);
  }

  /// @param gated whether the network has gates, which the budget is for
  TrainingOptions options(boolean gated) {
    GateOptions gates =
        gated ? GateOptions.builder().macBudget(macBudget).build() : GateOptions.defaults();
    return TrainingOptions.builder().epochs(epochs).seed(seed).dropout(0.2).gates(gates).build();
  }
}
