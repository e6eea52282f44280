package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.GateSpec;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.model.LayerSpec;
import java.lang.foreign.MemorySegment;

/// What a layer's gates do to the values they admit: multiply them by the gates' weights, or mix them with a light path. Values of one row lie at the same
/// offset of all segments.
final class Admission {
  private final ElementwiseKernels elementwise;
  private final int blockSize;
  private final int blocksPerGate;
  private final boolean scales;

  Admission(ElementwiseKernels elementwise, LayerSpec.Gated layer) {
    GateSpec gate = layer.gate();
    this.elementwise = elementwise;
    this.blockSize = layer.blockSize();
    this.blocksPerGate = gate.blocksPerGate();
    this.scales = gate.scalesOutput();
  }

  /// `y = α·y` for what is open.
  ///
  /// @param y (units) from `offsetBytes` on
  void scale(GateDecision decision, MemorySegment y, long offsetBytes) {
    ActiveSet open = decision.isPerUnit() ? decision.openUnits() : decision.openBlocks();
    for (int position = 0; position < open.count(); position++) {
      int index = open.index(position);
      if (decision.isPerUnit()) {
        long at = offsetBytes + (long) index * Float.BYTES;
        y.set(FLOAT, at, y.get(FLOAT, at) * decision.weight(index));
      } else {
        long at = offsetBytes + (long) index * blockSize * Float.BYTES;
        elementwise.scale(decision.weight(index / blocksPerGate), y, at, blockSize, y);
      }
    }
  }

  /// `y = fma(α, full − y, y)` for what is open, `y` the light path's values before, α the gates' weights, or 1 where outputs are not scaled.
  ///
  /// @param full overwritten
  void mix(GateDecision decision, MemorySegment full, MemorySegment y, long offsetBytes) {
    ActiveSet open = decision.isPerUnit() ? decision.openUnits() : decision.openBlocks();
    int count = decision.isPerUnit() ? 1 : blockSize;
    for (int position = 0; position < open.count(); position++) {
      int index = open.index(position);
      long at = offsetBytes + (long) index * count * Float.BYTES;
      float weight = scales ? decision.weight(index / blocksPerGate) : 1;
      if (count == 1) {
        float light = y.get(FLOAT, at);
        y.set(FLOAT, at, Math.fma(weight, full.get(FLOAT, at) - light, light));
      } else {
        elementwise.addScaled(-1f, y, at, count, full);
        elementwise.addScaled(weight, full, at, count, y);
      }
    }
  }
}
