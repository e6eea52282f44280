package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;

/// How the gates of one layer decide and learn over the rows of a batch, in this order:
///
/// ```
/// soften      logits → soft gates                         ranges of rows, at the same time
/// select      logits, soft gates → open gates, weights    single rows, at the same time
/// close       open gates → fewer, over all rows           once
/// endBatch    statistics; value of the rule's own terms   once, when the rows' losses are known
/// logitGrad   gradient of gates → gradient of logits      single rows, at the same time
/// ```
public interface GateEstimator {
  /// What the rows of a batch have opened, for rules that take some of it back.
  interface OpenGates {
    boolean isOpen(int row, int gate);

    void close(int row, int gate);
  }

  /// Computes the probability, or share, with which each gate is open: what penalties on usage act on. A rule whose probabilities depend
  /// on draws leaves them to [#select].
  ///
  /// @param logits (rows, logitsPerGate · gates)
  /// @param soft (rows, gates)
  void soften(Matrix logits, int fromRow, int toRow, ElementwiseKernels elementwise, Matrix soft);

  /// Replaces `open` by the gates that open for a row, and `weights[gate]` of the open ones by the factors of their outputs.
  void select(
      int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open, float[] weights);

  /// Takes back what the batch as a whole has no room for.
  ///
  /// @return how many open gates were closed
  default int close(int rows, OpenGates open) {
    return 0;
  }

  /// Takes in what is needed of the whole batch.
  ///
  /// @param losses of the rows, as trained, without what the gates add
  /// @return the sum of the rule's own loss terms
  default double endBatch(int rows, Matrix logits, Matrix soft, OpenGates open, double[] losses) {
    return 0;
  }

  /// Replaces the gradient of a row's logits.
  ///
  /// @param admitted `Σ dy·h` over the units of a gate, `h` before any factor of the gate: the derivative of the loss by the gate's factor;
  ///     0 for closed gates whose blocks were not computed
  /// @param scalesOutput whether `h` is multiplied by the gate's weight
  /// @param softGrad derivative of budget and penalties by the soft gates
  /// @param logitGrad (rows, logitsPerGate · gates)
  void logitGrad(
      int row,
      Matrix logits,
      Matrix soft,
      OpenGates open,
      boolean scalesOutput,
      float[] admitted,
      double[] softGrad,
      Matrix logitGrad);

  /// What it remembers from batch to batch, for checkpoints; of the same length always.
  default double[] memory() {
    return new double[0];
  }

  /// The inverse of [#memory].
  default void remember(double[] memory) {}
}
