package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;

/// The straight-through estimator (Bengio et al. 2013, arXiv 1308.3432) of gates with `p = σ(z/T)`: `ĝ = g + p − sg(p)`, whatever rule made
/// `g`. Backward
///
/// ```
/// dz = (a·s + softGrad)·p(1−p)/T
/// ```
///
/// with `a` what the gate admits, `s = 1`, or, where outputs are scaled, `y = ĝ·p·h`, `s = g + p`.
abstract class StraightThrough implements GateEstimator {
  private final float temperature;

  StraightThrough(float temperature) {
    this.temperature = temperature;
  }

  @Override
  public final void soften(
      Matrix logits, int fromRow, int toRow, ElementwiseKernels elementwise, Matrix soft) {
    SoftGates.sigmoid(logits, fromRow, toRow, temperature, elementwise, soft);
  }

  @Override
  public final void select(
      int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open, float[] weights) {
    open(row, logits, soft, draws, open);
    SoftGates.copyOpen(row, soft, open, weights);
  }

  /// Replaces `open` by the gates that open for a row.
  abstract void open(int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open);

  @Override
  public final void logitGrad(
      int row,
      Matrix logits,
      Matrix soft,
      OpenGates open,
      boolean scalesOutput,
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
