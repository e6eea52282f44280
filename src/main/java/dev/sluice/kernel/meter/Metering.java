package dev.sluice.kernel.meter;

import dev.sluice.memory.Panels;

/// One call of a product's kernel: the thread's counters before it.
record Metering(
    FlopMeter meter,
    Panels panels,
    OperationCounter counter,
    long fused,
    long single,
    long weightBytes) {
  static Metering begin(FlopMeter meter, Panels panels) {
    OperationCounter counter = OperationCounter.ofThread();
    return new Metering(
        meter, panels, counter, counter.fused(), counter.single(), counter.weightBytes());
  }

  /// @param chunkSums how many sums of chunks were added
  /// @param biasSums how many sums took their bias
  /// @param repeatedMacs of rows that were computed again
  void end(long chunkSums, long biasSums, long repeatedMacs) {
    long scaledSums = panels.layout().precision().isScaled() ? biasSums : 0;
    meter.add(
        panels,
        new ProductOperations(
            counter.fused() - fused,
            counter.single() - single,
            counter.weightBytes() - weightBytes,
            chunkSums,
            biasSums,
            scaledSums,
            repeatedMacs));
  }
}
