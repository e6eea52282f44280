package dev.sluice.experiment;

import dev.sluice.gate.GateSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.GateOptions;

/// Gates on every hidden layer of the reference network; the trainer's MAC budget decides how far they open.
///
/// @param options all but the budget
/// @param selects whether the network reads the recipe's selection of features alone
record GatedMethod(
    String name, String description, GateSpec gate, GateOptions options, boolean selects)
    implements Method {
  GatedMethod(String name, String description, GateSpec gate, GateOptions options) {
    this(name, description, gate, options, false);
  }

  @Override
  public Trained train(Setting setting) {
    Recipe recipe = setting.recipe();
    ModelSpec gated =
        ModelSpec.gated(
            setting.widths(), recipe.blockSize(), recipe.activation(), OutputForm.SOFTMAX, gate);
    ModelSpec spec = setting.network(setting.features(selects), gated.layers());
    double budget = Math.min(1, setting.budgetOf(spec));
    return setting.train(spec, options.toBuilder().macBudget(budget).build());
  }
}
