package dev.sluice.experiment;

import dev.sluice.gate.GateSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import dev.sluice.train.GateOptions;
import dev.sluice.train.StageOptions;
import dev.sluice.train.TrainingOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A small first network answers the rows it is sure of, a network of the reference's widths the others; validation rows set how sure it must
/// be for the mean over rows to meet the budget.
///
/// @param budgetShare of the budget that the first network takes; it has two hidden layers, the second of 2/3 of the first's units
/// @param firstSelects whether the first network reads the recipe's selection of features alone
/// @param lastSelects likewise for the last
/// @param gate of the last network's hidden layers, null for none
/// @param gateBudget of the last network relative to the reference, if it has gates
record ExitMethod(
    String name,
    String description,
    double budgetShare,
    boolean firstSelects,
    boolean lastSelects,
    @Nullable GateSpec gate,
    double gateBudget)
    implements Method {
  private static final int BLOCK = 16;

  ExitMethod(
      String name,
      String description,
      double budgetShare,
      boolean firstSelects,
      boolean lastSelects) {
    this(name, description, budgetShare, firstSelects, lastSelects, null, 1);
  }

  @Override
  public Trained train(Setting setting) {
    ModelSpec spec = spec(setting);
    double scale = (double) setting.reference().denseMacs() / spec.denseMacs();
    GateOptions gates =
        GateOptions.builder().macBudget(Math.min(1, setting.budget() * scale)).build();
    TrainingOptions options = setting.options().toBuilder().gates(gates).build();
    if (gate != null) {
      double throughAll = (gateBudget + budgetShare * setting.budget()) * scale;
      StageOptions stages = options.stages().withGateBudget(throughAll);
      options = options.toBuilder().stages(stages).build();
    }
    return setting.train(spec, options);
  }

  private ModelSpec spec(Setting setting) {
    Recipe recipe = setting.recipe();
    List<LayerSpec> last =
        gate == null
            ? setting.reference().layers()
            : ModelSpec.gated(
                    setting.widths(),
                    recipe.blockSize(),
                    recipe.activation(),
                    OutputForm.SOFTMAX,
                    gate)
                .layers();
    ExitSpec exit = new ExitSpec.Confidence(ExitSpec.Measure.MAX_PROBABILITY, 0.9f);
    return new ModelSpec(
        setting.widths().getFirst(),
        List.of(
            new StageSpec(setting.features(firstSelects), false, first(setting), exit),
            new StageSpec(setting.features(lastSelects), false, last, null)),
        OutputForm.SOFTMAX);
  }

  /// The positive root of `in·h + h·⅔h + ⅔h·out = macs`.
  private List<LayerSpec> first(Setting setting) {
    int outputs = setting.widths().getLast();
    int inputs = setting.features(firstSelects).count(setting.widths().getFirst());
    double linear = inputs + 2.0 / 3 * outputs;
    double macs = budgetShare * setting.budgetMacs();
    double root = (Math.sqrt(linear * linear + 8.0 / 3 * macs) - linear) / (4.0 / 3);
    int hidden = (int) Math.max(2, Math.round(root));
    Activation activation = setting.recipe().activation();
    return List.of(
        layer(hidden, activation),
        layer(Math.round(hidden * 2 / 3f), activation),
        layer(outputs, Activation.IDENTITY));
  }

  private static LayerSpec layer(int units, Activation activation) {
    return new LayerSpec.Dense(units, PanelLayout.fittingBlockSize(units, BLOCK), activation);
  }
}
