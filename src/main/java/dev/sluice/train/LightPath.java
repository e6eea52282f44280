package dev.sluice.train;

import dev.sluice.memory.Matrix;
import dev.sluice.model.LayerSpec;
import java.util.List;

/// The light path of a gated layer over a batch: `light = V(U x) + c` for all units, mixed with the layer's own product `full` where gates
/// are open, and back.
///
/// ```
/// pre  = fma(α, full − light, light)    open; α the gate's weight, 1 in layers that do not scale
/// pre  = light                          closed
/// ```
final class LightPath {
  private final LayerSpec.Gated layer;
  private final GateDecisions decisions;
  private final List<LayerPass> chain;
  private final Matrix pre;

  /// @param chain the products of U and V
  /// @param pre as wide as the layer, padding included
  LightPath(LayerSpec.Gated layer, GateDecisions decisions, List<LayerPass> chain, Matrix pre) {
    this.layer = layer;
    this.decisions = decisions;
    this.chain = List.copyOf(chain);
    this.pre = pre;
  }

  List<LayerPass> chain() {
    return chain;
  }

  /// What the layer's activation is applied to.
  Matrix pre() {
    return pre;
  }

  /// Fills [#pre].
  ///
  /// @param full replaced by `full − light` where it was computed
  /// @param computesClosed whether it was computed for closed gates too
  void mixRows(Matrix full, boolean computesClosed, int fromRow, int toRow) {
    Matrix light = chain.getLast().y();
    for (int row = fromRow; row < toRow; row++) {
      for (int unit = 0; unit < width(); unit++) {
        boolean open = isOpen(row, unit);
        float own = light.get(row, unit);
        float mixed = own;
        if (open || computesClosed) {
          float difference = full.get(row, unit) - own;
          full.set(row, unit, difference);
          mixed = open ? Math.fma(share(row, unit), difference, own) : own;
        }
        pre.set(row, unit, mixed);
      }
    }
  }

  /// @param slope gradient of [#pre], replaced by that of `full`
  void splitRows(Matrix slope, int fromRow, int toRow) {
    Matrix lightSlope = chain.getLast().dy();
    for (int row = fromRow; row < toRow; row++) {
      for (int unit = 0; unit < width(); unit++) {
        float own = slope.get(row, unit);
        float share = isOpen(row, unit) ? share(row, unit) : 0;
        slope.set(row, unit, share * own);
        lightSlope.set(row, unit, (1 - share) * own);
      }
    }
  }

  /// Padding to whole blocks included.
  private int width() {
    return layer.blocks() * layer.blockSize();
  }

  /// Units of padding have no gate of their own.
  private boolean isOpen(int row, int unit) {
    return decisions.perUnit()
        ? unit < decisions.gates() && decisions.isOpen(row, unit)
        : decisions.isBlockOpen(row, unit / layer.blockSize());
  }

  private float share(int row, int unit) {
    return layer.gate().scalesOutput()
        ? decisions.weight(row, unit / decisions.unitsPerGate())
        : 1f;
  }
}
