package dev.sluice.runtime;

import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.util.function.ToDoubleFunction;

/// Turns a [Budget] into [Limits].
final class BudgetLimits {
  private BudgetLimits() {}

  /// @param mostOpen of each layer's gates, while nothing limits them
  /// @param nanosPerMac what a setting takes on this machine
  static Limits of(
      Budget budget, Model model, int[] mostOpen, ToDoubleFunction<Dial.Setting> nanosPerMac) {
    ModelSpec spec = model.spec();
    return switch (budget) {
      case Budget.None none -> Limits.none(spec);
      case Budget.MeanRelativeMacs mean -> Limits.of(spec, dial(model).within(mean.share()));
      case Budget.MostMacs most -> Limits.of(spec, mostOpen, most.macs());
      case Budget.Within within ->
          Limits.of(spec, quickEnough(within.perRow().toNanos(), model, nanosPerMac));
      case Budget.Chosen chosen -> Limits.of(spec, chosen.setting());
    };
  }

  /// The chosen setting in place of a time per row; other budgets as they are.
  static Budget settled(Budget budget, Model model, ToDoubleFunction<Dial.Setting> nanosPerMac) {
    return budget instanceof Budget.Within within
        ? Budget.setting(quickEnough(within.perRow().toNanos(), model, nanosPerMac))
        : budget;
  }

  private static Dial dial(Model model) {
    return Dial.of(model)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "budget needs a dial, which the model does not have: layers="
                        + model.spec().architecture()
                        + ", metadata="
                        + Dial.METADATA_KEY));
  }

  /// The dearest setting that takes at most so long.
  private static Dial.Setting quickEnough(
      long nanos, Model model, ToDoubleFunction<Dial.Setting> nanosPerMac) {
    double quickest = Double.POSITIVE_INFINITY;
    for (Dial.Setting setting : dial(model).settings().reversed()) {
      double meanMacs = setting.relativeMacs() * model.spec().denseMacs();
      double taken = nanosPerMac.applyAsDouble(setting) * meanMacs;
      if (taken <= nanos) {
        return setting;
      }
      quickest = Math.min(quickest, taken);
    }
    throw new IllegalArgumentException(
        "budget is below what the dial's quickest setting takes: nanosPerRow="
            + nanos
            + ", quickest="
            + (long) Math.ceil(quickest));
  }
}
