package dev.sluice.experiment.paper;

import dev.sluice.experiment.Recipe;
import dev.sluice.experiment.Setting;
import dev.sluice.gate.SwitchRule;
import dev.sluice.train.StructuralPlasticity;
import dev.sluice.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What DynamicGate-MLP is compared with beside plain networks and dropout, and the rewiring that it has itself.
final class Baselines {
  static final String TILES =
      "pruning and rewiring are by tile of 32 inputs × a block, the paper's by weight";

  static final String PRUNED_AT_START =
      "pruned: 30 % of the first layer, by its initial weights, kept to the end";

  static final String OUR_RIGL = "the paper's scripts run no RigL here; density 0.25 is ours";

  static final String SWITCH =
      "Switch-MoE: top-1 of 8 experts of 64 units in a layer of their own, which its dense twin has"
          + " too; the paper's are 8 networks of 512-512-512, top-2, identity for dropped rows";

  private static final int REWIRINGS = 10;

  private Baselines() {}

  static StructuralPlasticity.Builder firstLayerAtStart() {
    return StructuralPlasticity.magnitude(0.70)
        .layers(StructuralPlasticity.Layers.FIRST)
        .pruneAtShare(0);
  }

  static PresetMethod pruned(StructuralPlasticity.Builder pruning) {
    StructuralPlasticity plasticity = pruning.build();
    return PresetMethod.dense("Pruned", (options, _) -> options.plasticity(plasticity));
  }

  static PresetMethod rigl(StructuralPlasticity.Builder rewiring) {
    return PresetMethod.dense("RigL", rewired(rewiring, options -> options));
  }

  /// Rewires as often as `rewiring` says, and more often where training is too short for ten times.
  static PresetMethod.OptionChange rewired(
      StructuralPlasticity.Builder rewiring, UnaryOperator<TrainingOptions.Builder> change) {
    StructuralPlasticity asked = rewiring.build();
    return (options, setting) ->
        change.apply(options).plasticity(asked.rewiringAtLeast(REWIRINGS, setting.steps()));
  }

  /// A layer of experts behind the hidden layers.
  static PresetMethod switchMixture() {
    PresetMethod mixture = MixtureNets.of("Switch-MoE", new SwitchRule(2.5f, 0.01f, 1e-3f));
    return new PresetMethod(
        mixture.name(),
        mixture.description(),
        setting -> mixture.form().apply(deeper(setting)),
        mixture.change());
  }

  private static Setting deeper(Setting setting) {
    Recipe recipe = setting.recipe();
    List<Integer> hidden = new ArrayList<>(recipe.hidden());
    hidden.add(hidden.getLast());
    return new Setting(
        recipe.withHidden(hidden),
        setting.training(),
        setting.validation(),
        setting.budget(),
        setting.seed(),
        setting.teacher(),
        setting.execution());
  }
}
