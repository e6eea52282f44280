package dev.sluice.format;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;

/// Kernels compute padding lanes like any other and rely on zeros there: a file with other numbers would give answers that
/// depend on who executes it.
final class PaddingCheck {
  private PaddingCheck() {}

  /// @throws IllegalArgumentException for the first entry that is neither 0 nor -0
  static void requireZero(Weights weights) {
    for (int layer = 0; layer < weights.layers().size(); layer++) {
      LayerWeights layerWeights = weights.layers().get(layer);
      requireZero("layers." + layer, layerWeights.projection());
      for (int index = 0; index < layerWeights.gate().size(); index++) {
        requireZero("layers." + layer + ".gate." + index, layerWeights.gate().get(index));
      }
    }
  }

  private static void requireZero(String name, Projection projection) {
    Panels panels = projection.weights();
    PanelLayout layout = panels.layout();
    for (int unit = 0; unit < layout.paddedUnits(); unit++) {
      int firstInput = unit < layout.units() ? layout.inputs() : 0;
      for (int input = firstInput; input < layout.storedInputs(); input++) {
        requireZero(name + ".weight", unit, input, panels.stored(unit, input));
      }
    }
    // a bias that is not stored would be lost without a word
    int firstUnit = projection.spec().hasBias() ? layout.units() : 0;
    for (int unit = firstUnit; unit < layout.storedUnits(); unit++) {
      float bias = projection.bias().get(AlignedMemory.FLOAT, (long) unit * Float.BYTES);
      requireZero(name + ".bias", unit, 0, bias);
    }
  }

  private static void requireZero(String tensor, int unit, int input, float value) {
    if (value != 0) {
      throw new IllegalArgumentException(
          "padding is not zero: tensor="
              + tensor
              + ", unit="
              + unit
              + ", input="
              + input
              + ", value="
              + value);
    }
  }
}
