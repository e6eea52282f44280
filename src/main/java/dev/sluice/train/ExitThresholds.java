package dev.sluice.train;

import dev.sluice.model.ExitSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.StageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The thresholds of a blueprint's exits by confidence, one per stage but the last; none where rows do not stop so.
final class ExitThresholds {
  private ExitThresholds() {}

  static List<Float> of(ModelSpec spec) {
    List<Float> thresholds = new ArrayList<>();
    for (StageSpec stage : spec.stages()) {
      if (stage.exit() instanceof ExitSpec.Confidence confidence) {
        thresholds.add(confidence.threshold());
      }
    }
    return thresholds;
  }

  /// Those that meet the budget, without one those of the blueprint.
  static List<Float> choose(ModelSpec spec, OptionalDouble budget, ExitTable table) {
    return budget.isEmpty()
        ? of(spec)
        : new ExitCalibration(table).forBudget(budget.getAsDouble()).exitThresholds();
  }

  static ModelSpec set(ModelSpec spec, List<Float> thresholds) {
    List<@Nullable ExitSpec> exits = new ArrayList<>();
    for (StageSpec stage : spec.stages()) {
      ExitSpec exit = stage.exit();
      exits.add(
          exit instanceof ExitSpec.Confidence confidence
              ? confidence.withThreshold(thresholds.get(exits.size()))
              : exit);
    }
    return spec.withExits(exits);
  }
}
