package dev.sluice.train;

import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateRules;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.List;
import java.util.OptionalDouble;

/// Who has to meet which budget. Where rows can stop by confidence, the exits meet [GateOptions#macBudget], chosen when the weights stand, and
/// gates have a budget of their own, for rows that go through all stages ([StageOptions#gateBudget]): while gates learn, nobody knows yet which
/// rows will reach them. Without such exits the gates meet the one budget.
///
/// @param gates for rows through all stages, under halting as far as they go
/// @param exits mean over all rows
record Budgets(OptionalDouble gates, OptionalDouble exits) {
  static Budgets of(ModelSpec spec, TrainingOptions options) {
    OptionalDouble total = options.gates().macBudget();
    OptionalDouble none = OptionalDouble.empty();
    if (!exitsByConfidence(spec)) {
      return new Budgets(total, none);
    }
    return new Budgets(spec.isGated() ? options.stages().gateBudget() : none, total);
  }

  static boolean exitsByConfidence(ModelSpec spec) {
    return spec.isStaged() && spec.stages().getFirst().exit() instanceof ExitSpec.Confidence;
  }

  /// @throws IllegalArgumentException `mac budget cannot be met: budget=0.010, smallest=0.034`
  void requireReachable(ModelSpec spec, StructuralPlasticity plasticity) {
    SmallestMacs smallest = new SmallestMacs(spec, plasticity);
    if (gates.isPresent()) {
      if (!spec.isGated()) {
        throw new IllegalArgumentException(
            "mac budget needs a network with gates or exits: budget=" + gates.getAsDouble());
      }
      requireVariableGates(spec);
      boolean halts = spec.stages().getFirst().exit() instanceof ExitSpec.Halting;
      requireAtLeast(gates.getAsDouble(), halts ? smallest.relative(0) : smallest.relative());
    }
    if (exits.isPresent()) {
      requireAtLeast(exits.getAsDouble(), smallest.relative(0));
    }
  }

  private void requireVariableGates(ModelSpec spec) {
    List<GateRule> rules =
        spec.layers().stream()
            .filter(LayerSpec.Gated.class::isInstance)
            .map(LayerSpec.Gated.class::cast)
            .filter(layer -> !layer.gate().rule().opensByLogits(layer.gates()))
            .map(layer -> layer.gate().rule())
            .toList();
    if (rules.size() == spec.layers().stream().filter(LayerSpec.Gated.class::isInstance).count()) {
      throw new IllegalArgumentException(
          "mac budget needs gates that open as many as training finds; with their rules the number"
              + " is fixed: budget="
              + gates.getAsDouble()
              + ", rules="
              + rules.stream().map(GateRules::format).distinct().toList());
    }
  }

  private static void requireAtLeast(double budget, double smallest) {
    if (budget < smallest) {
      throw new UnreachableBudgetException(budget, smallest);
    }
  }
}
