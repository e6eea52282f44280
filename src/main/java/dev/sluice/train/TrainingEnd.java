package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// From the state of a training that has stopped to its result: the kept weights with the temperature and threshold of their epoch,
/// gates calibrated to the budget, a model in memory of its own.
final class TrainingEnd {
  /// What a budget promises.
  private static final double BUDGET_TOLERANCE = 0.01;

  private final Trainer.Builder setup;
  private final TrainingState state;
  private final Dataset calibrationRows;
  private final @Nullable Dataset validation;
  private final Map<String, String> identity;

  TrainingEnd(
      Trainer.Builder setup,
      TrainingState state,
      Dataset training,
      @Nullable Dataset validation,
      Map<String, String> identity) {
    this.setup = setup;
    this.state = state;
    this.calibrationRows = validation == null ? training : validation;
    this.validation = validation;
    this.identity = identity;
  }

  /// @param temperature of the last step, for weights of an unfinished first epoch
  /// @param threshold likewise
  TrainingResult result(
      Progress progress, StopReason reason, String message, double temperature, double threshold) {
    boolean hasBest = progress.bestEpoch > 0;
    if (hasBest || reason == StopReason.DIVERGED) {
      state.weights.copyFrom(state.best);
      state.plasticity.readMasks();
    }
    float lastTemperature = (float) (hasBest ? progress.bestTemperature : temperature);
    float lastThreshold = (float) (hasBest ? progress.bestThreshold : threshold);
    state.network.setGates(lastTemperature, lastThreshold);
    OptionalDouble budget = setup.options.gates().macBudget();
    if (budget.isPresent() && reason != StopReason.DIVERGED) {
      new BudgetCalibration(state.evaluator, calibrationRows, state.weights)
          .calibrate(budget.getAsDouble(), lastTemperature);
    }
    Optional<Evaluation> evaluation =
        validation == null ? Optional.empty() : Optional.of(state.evaluator.evaluate(validation));
    return new TrainingResult(
        model(withDecision(setup.spec, lastTemperature, lastThreshold), progress),
        progress.history,
        progress.bestEpoch,
        reason,
        message,
        budget.isPresent() && reason != StopReason.DIVERGED
            ? budgetNotes(budget.getAsDouble())
            : List.of(),
        evaluation);
  }

  private List<String> budgetNotes(double budget) {
    double reached = state.evaluator.relativeMacs(calibrationRows);
    if (Math.abs(reached - budget) <= BUDGET_TOLERANCE) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "mac budget missed: budget=%.3f, reached=%.3f; smaller blocks or a gate that sees the"
                + " input meet it closer",
            budget,
            reached));
  }

  private static ModelSpec withDecision(ModelSpec spec, float temperature, float threshold) {
    List<LayerSpec> layers =
        spec.layers().stream().map(layer -> withDecision(layer, temperature, threshold)).toList();
    return spec.withLayers(layers);
  }

  private static LayerSpec withDecision(LayerSpec layer, float temperature, float threshold) {
    if (!(layer instanceof LayerSpec.Gated gated)) {
      return layer;
    }
    GateSpec gate = gated.gate();
    return gated.withGate(gate.withRule(gate.rule().withSchedule(temperature, threshold)));
  }

  private Model model(ModelSpec trained, Progress progress) {
    Arena arena = Arena.ofShared();
    Weights copy = Weights.allocate(arena, trained);
    copy.copyFrom(state.weights);
    return new Model(trained, copy, Provenance.metadata(setup, identity, progress), arena);
  }
}
