package dev.sluice.experiment.paper;

import dev.sluice.experiment.Method;
import dev.sluice.experiment.Setting;
import dev.sluice.experiment.Trained;
import dev.sluice.gate.GateSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.GateOptions;
import dev.sluice.train.TrainingOptions;
import java.util.Optional;

/// A network of a paper with the options printed there; it has no budget.
///
/// @param gate of every hidden layer; empty for a dense network
record PresetMethod(
    String name, String description, Optional<GateSpec> gate, GateOptions gates, double dropout)
    implements Method {
  static PresetMethod dense(String name, double dropout) {
    return new PresetMethod(name, "dense", Optional.empty(), GateOptions.defaults(), dropout);
  }

  static PresetMethod gated(String name, GateSpec gate, GateOptions gates) {
    return new PresetMethod(name, "gated", Optional.of(gate), gates, 0);
  }

  @Override
  public Trained train(Setting setting) {
    TrainingOptions options = setting.options().toBuilder().gates(gates).dropout(dropout).build();
    return setting.train(spec(setting), options);
  }

  private ModelSpec spec(Setting setting) {
    return gate.map(
            spec ->
                ModelSpec.gated(
                    setting.widths(),
                    setting.recipe().blockSize(),
                    setting.recipe().activation(),
                    OutputForm.SOFTMAX,
                    spec))
        .orElseGet(setting::reference);
  }
}
