package dev.sluice.experiment;

import dev.sluice.model.FeatureSelection;
import dev.sluice.model.ModelSpec;
import dev.sluice.train.GateOptions;
import java.util.ArrayList;
import java.util.List;

/// A dense network that reads the recipe's selection of features alone, a static gate on the inputs, and is as wide as the budget allows.
record SelectedMethod(String name, String description) implements Method {
  @Override
  public Trained train(Setting setting) {
    FeatureSelection features = setting.features(true);
    List<Integer> widths = new ArrayList<>(setting.widths());
    widths.set(0, features.count(widths.getFirst()));
    ModelSpec dense =
        EqualMacNetwork.spec(widths, setting.budgetMacs(), 1, setting.recipe().activation());
    return setting.train(setting.network(features, dense.layers()), GateOptions.defaults());
  }
}
