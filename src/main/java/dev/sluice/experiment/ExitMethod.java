package dev.sluice.experiment;

import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import dev.sluice.train.FeatureRanking;
import dev.sluice.train.GateOptions;
import java.util.List;

/// A small first network answers the rows it is sure of, the reference network the others; validation rows set how sure it must be for the
/// mean over rows to meet the budget.
///
/// @param featureShare of the features that the first network reads: those of the largest standard deviation
/// @param budgetShare of the budget that the first network takes
record ExitMethod(String name, String description, double featureShare, double budgetShare)
    implements Method {
  private static final int BLOCK = 16;

  @Override
  public Trained train(Setting setting) {
    double budget = Math.min(1, setting.budget());
    return setting.train(spec(setting), GateOptions.builder().macBudget(budget).build());
  }

  private ModelSpec spec(Setting setting) {
    int inputs = setting.widths().getFirst();
    int outputs = setting.widths().getLast();
    int count = Math.clamp(Math.round(featureShare * inputs), 1, inputs);
    FeatureSelection features =
        count == inputs
            ? FeatureSelection.all()
            : FeatureRanking.largestDeviation(setting.training(), count);
    double macs = budgetShare * setting.budgetMacs();
    int hidden = (int) Math.max(1, Math.round(macs / (count + outputs)));
    StageSpec first =
        new StageSpec(
            features,
            false,
            List.of(
                layer(hidden, setting.recipe().activation()), layer(outputs, Activation.IDENTITY)),
            new ExitSpec.Confidence(ExitSpec.Measure.MAX_PROBABILITY, 0.9f));
    StageSpec last =
        new StageSpec(FeatureSelection.all(), false, setting.reference().layers(), null);
    return new ModelSpec(inputs, List.of(first, last), OutputForm.SOFTMAX);
  }

  private static LayerSpec layer(int units, Activation activation) {
    return new LayerSpec.Dense(units, PanelLayout.fittingBlockSize(units, BLOCK), activation);
  }
}
