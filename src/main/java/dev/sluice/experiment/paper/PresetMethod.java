package dev.sluice.experiment.paper;

import dev.sluice.experiment.Method;
import dev.sluice.experiment.Setting;
import dev.sluice.experiment.Trained;
import dev.sluice.gate.GateSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.GateOptions;
import dev.sluice.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A network of a paper with the options printed there; it has no budget.
///
/// @param form its blueprint
/// @param change what its training has that the recipe has not
record PresetMethod(
    String name, String description, Function<Setting, ModelSpec> form, OptionChange change)
    implements Method {

  /// One network's training options, from those of the setting.
  @FunctionalInterface
  interface OptionChange {
    TrainingOptions.Builder apply(TrainingOptions.Builder options, Setting setting);

    static OptionChange none() {
      return (options, _) -> options;
    }
  }

  /// A hidden layer of a network.
  @FunctionalInterface
  interface HiddenLayer {
    /// @param index from 0
    /// @param last index of the last hidden layer
    LayerSpec of(int index, int last, int units, Setting setting);
  }

  /// By the recipe.
  static PresetMethod dense(String name) {
    return new PresetMethod(name, "dense", Setting::reference, OptionChange.none());
  }

  static PresetMethod dense(String name, double dropout) {
    return dense(name, (options, _) -> options.dropout(dropout));
  }

  static PresetMethod dense(String name, OptionChange change) {
    return new PresetMethod(name, "dense", Setting::reference, change);
  }

  /// A gate on every hidden layer, no dropout.
  static PresetMethod gated(String name, GateSpec gate, GateOptions gates) {
    return gated(name, gate, (options, _) -> options.gates(gates).dropout(0));
  }

  static PresetMethod gated(String name, GateSpec gate, OptionChange change) {
    Function<Setting, ModelSpec> form =
        setting ->
            ModelSpec.gated(
                setting.widths(),
                setting.recipe().blockSize(),
                setting.recipe().activation(),
                OutputForm.SOFTMAX,
                gate);
    return new PresetMethod(name, "gated", form, change);
  }

  /// The reference network with other hidden layers.
  static PresetMethod of(String name, HiddenLayer hidden, OptionChange change) {
    return new PresetMethod(name, "gated", setting -> spec(setting, hidden), change);
  }

  private static ModelSpec spec(Setting setting, HiddenLayer hidden) {
    List<Integer> widths = setting.recipe().hidden();
    List<LayerSpec> layers = new ArrayList<>();
    for (int index = 0; index < widths.size(); index++) {
      layers.add(hidden.of(index, widths.size() - 1, widths.get(index), setting));
    }
    int outputs = setting.widths().getLast();
    int block = PanelLayout.fittingBlockSize(outputs, setting.recipe().blockSize());
    layers.add(new LayerSpec.Dense(outputs, block, Activation.IDENTITY));
    return ModelSpec.of(setting.widths().getFirst(), layers, OutputForm.SOFTMAX);
  }

  @Override
  public Trained train(Setting setting) {
    return setting.train(
        form.apply(setting), change.apply(setting.options().toBuilder(), setting).build());
  }
}
