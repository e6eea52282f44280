package dev.sluice.format;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.ValueLayout;

/// What int8 weights promise: scales that are finite and not negative, 0 where there is no unit, and numbers from −127 to 127.
final class ScaleCheck {
  private ScaleCheck() {}

  /// @throws IllegalArgumentException for the first scale or number that is not as above
  static void requireValid(Weights weights) {
    if (!weights.precision().isScaled()) {
      return;
    }
    for (int layer = 0; layer < weights.layers().size(); layer++) {
      LayerWeights layerWeights = weights.layers().get(layer);
      requireValid("layers." + layer, layerWeights.projection());
      for (int index = 0; index < layerWeights.gate().size(); index++) {
        requireValid("layers." + layer + ".gate." + index, layerWeights.gate().get(index));
      }
    }
  }

  private static void requireValid(String name, Projection projection) {
    Panels panels = projection.weights();
    PanelLayout layout = panels.layout();
    for (int unit = 0; unit < layout.storedUnits(); unit++) {
      float scale = panels.scales().get(AlignedMemory.FLOAT, (long) unit * Float.BYTES);
      boolean isUnit = unit < layout.units();
      if (!(scale >= 0) || !Float.isFinite(scale) || (!isUnit && scale != 0)) {
        throw new IllegalArgumentException(
            (isUnit ? "scale is negative or not finite: tensor=" : "padding is not zero: tensor=")
                + name
                + ".weight.scale, unit="
                + unit
                + ", value="
                + scale);
      }
    }
    for (long at = 0; at < panels.segment().byteSize(); at++) {
      if (panels.segment().get(ValueLayout.JAVA_BYTE, at) == Byte.MIN_VALUE) {
        throw new IllegalArgumentException(
            "int8 weight is not from -127 to 127: tensor="
                + name
                + ".weight, offset="
                + at
                + ", value=-128");
      }
    }
  }
}
