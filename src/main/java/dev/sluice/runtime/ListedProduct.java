package dev.sluice.runtime;

import dev.sluice.kernel.Kernels;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Projection;
import java.util.List;
import java.util.Locale;

/// What decides how dear a layer's input is to read: the shape of the products over it.
///
/// @param blocks of `blockSize` units in all products over the input, the first ones of its chains included; need not be whole
/// @param panelBytes of the layer's own panels
record ListedProduct(
    int inputs, double blocks, long panelBytes, int blockSize, WeightPrecision precision) {
  /// What a listed product loses depends on how many blocks go side by side and on where the weights come from.
  enum Size {
    /// Fewer than four.
    FEW_BLOCKS,
    /// Four and more, in the second-level cache.
    MANY_BLOCKS,
    /// Larger, where a list leaves gaps that prefetching does not foresee.
    PAST_CACHE
  }

  /// What second-level caches commonly have.
  static final long CACHE_BYTES = 1 << 20;

  static ListedProduct of(LayerWeights layer) {
    PanelLayout layout = layer.projection().weights().layout();
    double units = layout.paddedUnits();
    for (Chain chain : Chain.values()) {
      List<Projection> products = layer.chain(chain);
      // Constant gates read nothing, some others a light path.
      boolean reads = !products.isEmpty() && products.getFirst().spec().inputs() == layout.inputs();
      units += reads ? products.getFirst().spec().layout().paddedUnits() : 0;
    }
    return new ListedProduct(
        layout.inputs(),
        units / layout.blockSize(),
        layout.totalBytes(),
        layout.blockSize(),
        layout.precision());
  }

  /// Of 512 inputs, to measure.
  static ListedProduct example(Size size, int blockSize, WeightPrecision precision) {
    int inputs = 512;
    long blockBytes = (long) inputs * blockSize * precision.elementBytes();
    long blocks =
        switch (size) {
          case FEW_BLOCKS -> 2;
          case MANY_BLOCKS -> 8;
          case PAST_CACHE -> 2 * CACHE_BYTES / blockBytes;
        };
    return new ListedProduct(inputs, blocks, blocks * blockBytes, blockSize, precision);
  }

  Size size() {
    if (panelBytes > CACHE_BYTES) {
      return Size.PAST_CACHE;
    }
    return blocks < 4 ? Size.FEW_BLOCKS : Size.MANY_BLOCKS;
  }

  /// Names the kernels and the size that its costs are those of.
  String costsKey(Kernels kernels) {
    String size = size().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return kernels.name() + ".B" + blockSize + "." + precision.specName() + "." + size;
  }
}
