package dev.sluice.kernel.scalar;

import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.ScalarMath;
import java.lang.foreign.MemorySegment;

final class ScalarOptimizer implements OptimizerKernels {
  @Override
  public void adamW(
      AdamWStep step,
      MemorySegment gradient,
      MemorySegment m,
      MemorySegment v,
      long offsetBytes,
      int count,
      MemorySegment w) {
    for (int i = 0; i < count; i++) {
      ScalarMath.adamW(step, gradient, m, v, offsetBytes + (long) i * Float.BYTES, w);
    }
  }

  @Override
  public void sgd(
      SgdStep step,
      MemorySegment gradient,
      MemorySegment velocity,
      long offsetBytes,
      int count,
      MemorySegment w) {
    for (int i = 0; i < count; i++) {
      ScalarMath.sgd(step, gradient, velocity, offsetBytes + (long) i * Float.BYTES, w);
    }
  }
}
