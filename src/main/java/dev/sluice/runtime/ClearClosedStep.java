package dev.sluice.runtime;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ActiveSet;
import java.lang.foreign.MemorySegment;

/// Sets closed units to 0 where somebody looks at all of them: in the answer of a gated last layer.
/// Between layers nothing needs clearing, as closed units are not read.
///
/// @param y (units)
record ClearClosedStep(ActiveSet openUnits, MemorySegment y) implements Step {
  @Override
  public void run() {
    clear(openUnits, y, 0);
  }

  /// @param y (units) from `offsetBytes` on
  static void clear(ActiveSet openUnits, MemorySegment y, long offsetBytes) {
    int unit = 0;
    for (int position = 0; position <= openUnits.count(); position++) {
      boolean isPastLast = position == openUnits.count();
      int nextOpen = isPastLast ? openUnits.capacity() : openUnits.index(position);
      for (; unit < nextOpen; unit++) {
        y.set(FLOAT, offsetBytes + (long) unit * Float.BYTES, 0f);
      }
      unit++;
    }
  }
}
