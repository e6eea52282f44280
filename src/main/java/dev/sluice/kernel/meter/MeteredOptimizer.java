package dev.sluice.kernel.meter;

import dev.sluice.kernel.OptimizerKernels;
import java.lang.foreign.MemorySegment;

/// Updates, metered.
record MeteredOptimizer(OptimizerKernels counted, FlopMeter meter) implements OptimizerKernels {
  @Override
  public void adamW(
      AdamWStep step,
      MemorySegment gradient,
      MemorySegment m,
      MemorySegment v,
      long offsetBytes,
      int count,
      MemorySegment w) {
    meter.run(
        ElementwiseKind.OPTIMIZER,
        () -> counted.adamW(step, gradient, m, v, offsetBytes, count, w));
  }

  @Override
  public void sgd(
      SgdStep step,
      MemorySegment gradient,
      MemorySegment velocity,
      long offsetBytes,
      int count,
      MemorySegment w) {
    meter.run(
        ElementwiseKind.OPTIMIZER,
        () -> counted.sgd(step, gradient, velocity, offsetBytes, count, w));
  }
}
