package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.Panels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.Dial;
import java.lang.foreign.Arena;
import java.util.OptionalDouble;

/// Settings of a trained model's exits and gates, measured on validation rows. Weights and blueprint stay as they are; what is found is a
/// [Dial], or one setting of it. Runs on the caller's thread.
public final class ModelCalibration implements AutoCloseable {
  private static final int BATCH = 128;

  private final Arena arena;
  private final WorkTeam team;
  private final DialMeasurement measurement;

  private ModelCalibration(Arena arena, WorkTeam team, DialMeasurement measurement) {
    this.arena = arena;
    this.team = team;
    this.measurement = measurement;
  }

  /// @param model of f32 weights; stays the caller's, and open
  /// @param validation rows that the model was not trained on, with labels
  /// @throws IllegalArgumentException if rows do not fit the model
  public static ModelCalibration of(Model model, Dataset validation) {
    ModelSpec spec = model.spec();
    Targets.requireFit(spec, validation);
    Arena arena = Arena.ofShared();
    WorkTeam team = new WorkTeam();
    try {
      Kernels kernels = KernelProvider.kernels();
      TrainingOptions options = TrainingOptions.builder().batchSize(BATCH).build();
      Network network =
          NetworkBinding.forAnswers(arena, kernels, spec, model.weights(), options, team);
      leaveOutDeadTiles(arena, network.costs(), model);
      Targets targets = new Targets(spec, BATCH, null);
      BatchLoader loader =
          new BatchLoader(
              arena,
              network.batch(),
              network.input(),
              targets,
              kernels.elementwise(),
              options,
              null,
              null);
      Criteria criteria = new Criteria(arena, kernels.elementwise(), spec, targets, options);
      Evaluator evaluator = Evaluator.of(team, network, loader, criteria, spec, false);
      DialMeasurement measurement = new DialMeasurement(spec, evaluator, validation);
      return new ModelCalibration(arena, team, measurement);
    } catch (Throwable e) {
      team.close();
      arena.close();
      throw e;
    }
  }

  private static void leaveOutDeadTiles(Arena arena, MacCosts costs, Model model) {
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      Panels weights = model.weights().layers().get(layer).projection().weights();
      if (TileMap.of(weights).isPruned()) {
        TileMask mask = new TileMask(arena, weights.layout());
        mask.readFrom(weights);
        costs.setTiles(layer, mask);
      }
    }
  }

  /// What every stage makes of every row, with this number added to the logits of the gates.
  public ExitTable table(float gateShift) {
    return measurement.table(gateShift);
  }

  /// Exits whose mean relative MACs are within `relativeMacs`, see [ExitCalibration#forBudget]; for a gated model without exits by confidence
  /// the gate shift that comes closest to it. What cannot be met is missed: the setting says by how much.
  ///
  /// @throws IllegalArgumentException if the model has neither gates nor such exits
  public Dial.Setting forBudget(double relativeMacs) {
    return measurement.forBudget(relativeMacs);
  }

  /// Settings from cheap to dear, each more accurate on the validation rows than all cheaper ones.
  ///
  /// @throws IllegalArgumentException if the model has neither gates nor exits by confidence, or is a regression
  public Dial dial() {
    return measurement
        .dial(OptionalDouble.empty())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a dial needs gates or exits, and classes or labels to be right about"));
  }

  @Override
  public void close() {
    team.close();
    arena.close();
  }
}
