package dev.sluice.kernel.meter;

import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;

/// One call of a product's kernel: the thread's counters before it.
record Metering(
    FlopMeter meter,
    Panels panels,
    OperationCounter counter,
    long fused,
    long single,
    long weightBytes) {
  /// Lanes of one block that are no unit.
  static long paddingLanes(PanelLayout layout, int block) {
    return block == layout.blocks() - 1 ? layout.paddedUnits() - layout.units() : 0;
  }

  static Metering begin(FlopMeter meter, Panels panels) {
    OperationCounter counter = OperationCounter.ofThread();
    return new Metering(
        meter, panels, counter, counter.fused(), counter.single(), counter.weightBytes());
  }

  /// Every lane of a call is multiplied by equally many inputs, so what was counted is padding by the share of lanes that are.
  ///
  /// @param lanes of all blocks that ran
  /// @param paddingLanes those among them that are no unit
  /// @param chunkSums how many sums of chunks were added
  /// @param biasSums how many sums took their bias
  /// @param repeatedMacs of rows that were computed again
  void end(long lanes, long paddingLanes, long chunkSums, long biasSums, long repeatedMacs) {
    long scaledSums = panels.layout().precision().isScaled() ? biasSums : 0;
    long allFused = counter.fused() - fused;
    long macs = allFused - scaledSums - repeatedMacs;
    meter.add(
        panels,
        new ProductOperations(
            allFused,
            lanes == 0 ? 0 : macs / lanes * paddingLanes,
            counter.single() - single,
            counter.weightBytes() - weightBytes,
            chunkSums,
            biasSums,
            scaledSums,
            repeatedMacs));
  }
}
