package dev.sluice.runtime;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;

/// `y = φ(y)` for all of a batch. Closed blocks and the padding between rows go through with the
/// rest, as φ(0) = 0.
///
/// @param y (rows, units)
record BatchActivationStep(ElementwiseKernels elementwise, Activation activation, Matrix y)
    implements BatchStep {
  @Override
  public void run(int rows) {
    int count = y.rowOffsetBytes(rows) / Float.BYTES;
    elementwise.activate(activation, y.data(), 0, count, y.data());
  }
}
