package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Weights;
import dev.sluice.runtime.Dial;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// From the state of a training that has stopped to its result: the kept weights with the temperature and threshold of their epoch,
/// gates and exits calibrated to the budget, a dial, a model in memory of its own.
final class TrainingEnd {
  /// What a budget promises.
  private static final double BUDGET_TOLERANCE = 0.01;

  private final Trainer.Builder setup;
  private final TrainingState state;
  private final Dataset calibrationRows;
  private final @Nullable Dataset validation;
  private final Map<String, String> identity;
  private final Budgets budgets;

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
    this.budgets = Budgets.of(setup.spec, setup.options);
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
    ModelSpec decided = withDecision(setup.spec, lastTemperature, lastThreshold);
    if (reason == StopReason.DIVERGED) {
      return result(progress, reason, message, decided, Map.of(), List.of());
    }
    List<String> notes = new ArrayList<>();
    calibrateGates(lastTemperature, notes);
    ModelSpec trained = calibrateExits(decided, notes);
    return result(progress, reason, message, trained, dial(trained), notes);
  }

  private void calibrateGates(double temperature, List<String> notes) {
    if (budgets.gates().isPresent()) {
      double budget = budgets.gates().getAsDouble();
      new BudgetCalibration(state.evaluator, calibrationRows, state.weights)
          .calibrate(budget, temperature);
      addNote(
          budget,
          state.evaluator.relativeMacs(calibrationRows),
          "smaller blocks or a gate that sees the input meet it closer",
          notes);
    }
  }

  private ModelSpec calibrateExits(ModelSpec spec, List<String> notes) {
    if (budgets.exits().isEmpty()) {
      return spec;
    }
    double budget = budgets.exits().getAsDouble();
    ExitTable table = state.evaluator.table(calibrationRows);
    List<Float> thresholds = ExitThresholds.choose(spec, budgets.exits(), table);
    double reached = table.relativeMacs(thresholds);
    if (reached < table.fullRelativeMacs()) {
      addNote(budget, reached, "the exits' confidences are too alike to meet it closer", notes);
    }
    return ExitThresholds.set(spec, thresholds);
  }

  private static void addNote(double budget, double reached, String advice, List<String> notes) {
    if (Math.abs(reached - budget) > BUDGET_TOLERANCE) {
      notes.add(
          String.format(
              Locale.ROOT,
              "mac budget missed: budget=%.3f, reached=%.3f; %s",
              budget,
              reached,
              advice));
    }
  }

  private Map<String, String> dial(ModelSpec trained) {
    return new DialMeasurement(trained, state.evaluator, calibrationRows)
        .dial(budgets.exits())
        .map(dial -> Map.of(Dial.METADATA_KEY, dial.toJson()))
        .orElse(Map.of());
  }

  private TrainingResult result(
      Progress progress,
      StopReason reason,
      String message,
      ModelSpec trained,
      Map<String, String> dial,
      List<String> notes) {
    Optional<Evaluation> evaluation =
        Optional.ofNullable(validation)
            .map(rows -> state.evaluator.table(rows).evaluation(ExitThresholds.of(trained)));
    return new TrainingResult(
        model(trained, progress, dial),
        progress.history,
        progress.bestEpoch,
        reason,
        message,
        notes,
        evaluation);
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

  private Model model(ModelSpec trained, Progress progress, Map<String, String> dial) {
    Arena arena = Arena.ofShared();
    Weights copy = Weights.allocate(arena, trained);
    copy.copyFrom(state.weights);
    Map<String, String> metadata = new TreeMap<>(Provenance.metadata(setup, identity, progress));
    metadata.putAll(dial);
    return new Model(trained, copy, metadata, arena);
  }
}
