package dev.sluice.experiment;

import dev.sluice.gate.GateSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.GateOptions;

/// Gates on every hidden layer of the reference network; the trainer's MAC budget decides how far they open.
///
/// @param options all but the budget
record GatedMethod(String name, String description, GateSpec gate, GateOptions options)
    implements Method {
  @Override
  public Trained train(Setting setting) {
    Recipe recipe = setting.recipe();
    ModelSpec spec =
        ModelSpec.gated(
            setting.widths(), recipe.blockSize(), recipe.activation(), OutputForm.SOFTMAX, gate);
    double budget = Math.min(1, setting.budgetOf(spec));
    return setting.train(spec, options.toBuilder().macBudget(budget).build());
  }
}
