package dev.sluice.runtime;

import dev.sluice.kernel.Kernels;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Projection;

/// What decides how dear a layer's input is to read: the shape of the products over it.
///
/// @param blocks of `blockSize` units in all products over the input, the gate's first one included; need not be whole
/// @param panelBytes of the layer's own panels
record ListedProduct(
    int inputs, double blocks, long panelBytes, int blockSize, WeightPrecision precision) {
  static ListedProduct of(LayerWeights layer) {
    PanelLayout layout = layer.projection().weights().layout();
    double units = layout.paddedUnits();
    if (!layer.gate().isEmpty()) {
      Projection gate = layer.gate().getFirst();
      units += gate.spec().inputs() == 0 ? 0 : gate.spec().layout().paddedUnits();
    }
    return new ListedProduct(
        layout.inputs(),
        units / layout.blockSize(),
        layout.totalBytes(),
        layout.blockSize(),
        layout.precision());
  }

  /// A product of these kernels of no size in particular.
  static ListedProduct example(int blockSize, WeightPrecision precision) {
    return new ListedProduct(0, 0, 0, blockSize, precision);
  }

  /// Names the kernels that its costs are those of.
  String costsKey(Kernels kernels) {
    return kernels.name() + ".B" + blockSize + "." + precision.specName();
  }
}
