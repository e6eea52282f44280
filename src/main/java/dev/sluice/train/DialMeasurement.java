package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.Dial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Measures settings on validation rows: thresholds of exits, a shift of gates, or both together.
final class DialMeasurement {
  /// In temperatures, for networks whose gates alone turn the dial: one pass over the rows each.
  private static final double[] FINE_SHIFTS = {
    -4, -3, -2, -1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4
  };

  private static final double[] COARSE_SHIFTS = {-1, -0.5, 0, 0.5, 1};

  private static final int BUDGETS = 17;

  private final ModelSpec spec;
  private final Evaluator evaluator;
  private final Dataset rows;

  DialMeasurement(ModelSpec spec, Evaluator evaluator, Dataset rows) {
    this.spec = spec;
    this.evaluator = evaluator;
    this.rows = rows;
  }

  ExitTable table(double gateShift) {
    evaluator.shiftGates((float) gateShift);
    try {
      return evaluator.table(rows);
    } finally {
      evaluator.shiftGates(0);
    }
  }

  private double relativeMacs(double gateShift) {
    evaluator.shiftGates((float) gateShift);
    try {
      return evaluator.relativeMacs(rows);
    } finally {
      evaluator.shiftGates(0);
    }
  }

  Dial.Setting forBudget(double budget) {
    if (Budgets.exitsByConfidence(spec)) {
      return new ExitCalibration(table(0)).forBudget(budget);
    }
    if (!spec.isGated()) {
      throw new IllegalArgumentException(
          "mac budget needs a network with gates or exits: budget=" + budget);
    }
    float shift = (float) BudgetSearch.closest(this::relativeMacs, budget, temperature());
    return new ExitCalibration(table(shift)).setting(List.of(), shift);
  }

  /// Empty for networks with nothing to turn, and for regressions, which are never right.
  ///
  /// @param budget for which there is to be a setting, if its accuracy is worth it
  Optional<Dial> dial(OptionalDouble budget) {
    boolean exits = Budgets.exitsByConfidence(spec);
    if (spec.output() == OutputForm.IDENTITY || (!exits && !spec.isGated())) {
      return Optional.empty();
    }
    double[] shifts = !spec.isGated() ? new double[1] : exits ? COARSE_SHIFTS : FINE_SHIFTS;
    List<Dial.Setting> settings = new ArrayList<>();
    for (double scaled : shifts) {
      float shift = (float) (scaled * temperature());
      ExitCalibration calibration = new ExitCalibration(table(shift));
      settings.addAll(calibration.settings(exits ? BUDGETS : 1, shift));
      if (exits && budget.isPresent() && scaled == 0) {
        settings.add(calibration.forBudget(budget.getAsDouble()));
      }
    }
    return Optional.of(new Dial(ExitCalibration.undominated(settings)));
  }

  /// Of the first gate: all have the same while they learn.
  private double temperature() {
    for (LayerSpec layer : spec.layers()) {
      if (layer instanceof LayerSpec.Gated gated
          && gated.gate().rule().parameters().get("temperature") instanceof Float temperature) {
        return temperature;
      }
    }
    return 1;
  }
}
