package dev.sluice.kernel.meter;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Products of one row, metered.
///
/// @param endsEmptySums whether a sum of one chunk is added to +0 even if nothing was multiplied
record MeteredMatVec(MatVecKernels counted, boolean endsEmptySums, FlopMeter meter)
    implements MatVecKernels {
  @Override
  public void gatedMatVec(
      Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y) {
    Metering metering = Metering.begin(meter, w);
    counted.gatedMatVec(w, bias, x, blocks, y);
    int inputs = w.layout().inputs();
    end(metering, w, blocks, chunksUpTo(inputs - 1, inputs));
  }

  @Override
  public void gatedMatVec(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet inputs,
      ActiveSet blocks,
      MemorySegment y) {
    Metering metering = Metering.begin(meter, w);
    counted.gatedMatVec(w, bias, x, inputs, blocks, y);
    int last = inputs.count() == 0 ? -1 : inputs.index(inputs.count() - 1);
    end(metering, w, blocks, chunksUpTo(last, w.layout().inputs()));
  }

  private void end(Metering metering, Panels w, ActiveSet blocks, int visitedChunks) {
    boolean isCut = SummationOrder.isCut(w.layout().inputs());
    long chunks = Math.max(visitedChunks, endsEmptySums && !isCut ? 1 : 0);
    long units = (long) blocks.count() * w.layout().blockSize();
    metering.end(units, paddingLanes(w.layout(), blocks), units * chunks, units, 0);
  }

  private static long paddingLanes(PanelLayout layout, ActiveSet blocks) {
    int last = blocks.count() - 1;
    return last < 0 ? 0 : Metering.paddingLanes(layout, blocks.index(last));
  }

  /// Chunks from the first to the one that holds input `last`, 0 for −1.
  static int chunksUpTo(int last, int inputs) {
    int chunks = 0;
    for (int end = 0; end <= last; chunks++) {
      end = SummationOrder.chunkEnd(end, inputs);
    }
    return chunks;
  }
}
