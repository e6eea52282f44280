package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;

/// What estimators of independent gates share: `p = σ(z/T)`, Bernoulli draws, and the straight-through gradient.
final class SoftGates {
  private SoftGates() {}

  /// `p = σ(z/T)`; both matrices have equal strides.
  static void sigmoid(
      Matrix logits,
      int fromRow,
      int toRow,
      float temperature,
      ElementwiseKernels elementwise,
      Matrix soft) {
    long offsetBytes = soft.rowOffsetBytes(fromRow);
    int count = (int) ((soft.rowOffsetBytes(toRow) - offsetBytes) / Float.BYTES);
    elementwise.scale(1 / temperature, logits.data(), offsetBytes, count, soft.data());
    elementwise.sigmoid(soft.data(), offsetBytes, count, soft.data());
  }

  /// `g ~ Bernoulli(p)`
  static void draw(int row, Matrix soft, GateDraws draws, ActiveSet open) {
    open.clear();
    for (int gate = 0; gate < open.capacity(); gate++) {
      if (soft.get(row, gate) - draws.uniform(gate) > 0) {
        open.add(gate);
      }
    }
  }

  static void copyOpen(int row, Matrix soft, ActiveSet open, float[] weights) {
    for (int position = 0; position < open.count(); position++) {
      int gate = open.index(position);
      weights[gate] = soft.get(row, gate);
    }
  }

  /// `dz = (a·s + softGrad)·p(1−p)/T`, `a` what the gate admits, `s = 1`, or `g + p` where outputs are scaled by `p`.
  static void straightThrough(
      int row,
      Matrix soft,
      GateEstimator.OpenGates open,
      boolean scalesOutput,
      float temperature,
      float[] admitted,
      double[] softGrad,
      Matrix logitGrad) {
    for (int gate = 0; gate < admitted.length; gate++) {
      float p = soft.get(row, gate);
      double share = scalesOutput ? p + (open.isOpen(row, gate) ? 1 : 0) : 1;
      double gradient = softGrad[gate] + admitted[gate] * share;
      logitGrad.set(row, gate, (float) (gradient * p * (1 - p) / temperature));
    }
  }
}
