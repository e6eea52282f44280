package dev.sluice.experiment.paper;

import dev.sluice.experiment.Recipe;
import dev.sluice.gate.GateRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import java.util.List;

/// What the tables of mixtures of experts have in common: the MNIST setting of DynamicGate-MLP's comparison with such mixtures, a dense layer and one of
/// experts.
final class MixtureNets {
  static final int EXPERTS = 8;

  static final List<Metric> METRICS =
      List.of(
          Metric.ACCURACY,
          Metric.LOAD_VARIATION,
          Metric.MOST_LOADED,
          Metric.USAGE_ENTROPY,
          Metric.EXPERT_INFORMATION,
          Metric.ROUTER_MACS,
          Metric.RELATIVE_MACS);

  static final String SHAPE =
      "784-512-[8 experts of 64 units]-10, no residual path; figures of load are of test rows";

  private MixtureNets() {}

  /// 8 epochs, as published with that comparison.
  static Recipe recipe() {
    return PaperRecipes.of(
        List.of(512, 512), Activation.RELU, PaperRecipes.options(8, 128, 1e-3, 1e-2));
  }

  /// Experts for the last hidden layer, the others dense.
  static PresetMethod of(String name, GateRule rule) {
    return PresetMethod.of(
        name,
        (index, last, units, setting) -> {
          Recipe recipe = setting.recipe();
          return index == last
              ? Experts.layer(units, EXPERTS, recipe.blockSize(), recipe.activation(), rule)
              : new LayerSpec.Dense(units, recipe.blockSize(), recipe.activation());
        },
        PresetMethod.OptionChange.none());
  }
}
