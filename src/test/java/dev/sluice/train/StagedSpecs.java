package dev.sluice.train;

import dev.sluice.gate.GateSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blueprints of several stages.
final class StagedSpecs {
  private StagedSpecs() {}

  static final ExitSpec.Confidence EXIT =
      new ExitSpec.Confidence(ExitSpec.Measure.MAX_PROBABILITY, 0.8f);

  static StageSpec stage(
      FeatureSelection features,
      boolean shares,
      @Nullable ExitSpec exit,
      Activation hidden,
      @Nullable GateSpec gate,
      int... widths) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int index = 0; index < widths.length; index++) {
      int block = PanelLayout.fittingBlockSize(widths[index], 8);
      if (index == widths.length - 1) {
        layers.add(new LayerSpec.Dense(widths[index], block, Activation.IDENTITY));
      } else if (gate == null) {
        layers.add(new LayerSpec.Dense(widths[index], block, hidden));
      } else {
        layers.add(new LayerSpec.Gated(widths[index], 8, hidden, gate));
      }
    }
    return new StageSpec(features, shares, layers, exit);
  }

  static ModelSpec of(int inputs, StageSpec... stages) {
    return new ModelSpec(inputs, List.of(stages), OutputForm.SOFTMAX);
  }
}
