package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;

/// REINFORCE for gates drawn independently (Williams 1992; Bengio et al. 2015, arXiv 1511.06297, eqs. 2 and 3): with `C_i` the loss of row `i` of
/// `n`, `σ′ = (1 − 2c)σ + c` and `u` the draw,
///
/// ```
/// dz_ij = (C_i − baseline_i)/n · ∂ log π(u_i)/∂z_ij + softGrad_ij · ∂σ′_ij/∂z_ij
/// ∂σ′/∂z = (1 − 2c)σ(1 − σ)        ∂ log π/∂z = (u − σ′)/(σ′(1 − σ′)) · ∂σ′/∂z,   u − σ if c = 0
/// ```
///
/// The task's gradient does not pass through a mask. A layer that scales, `y = uσ′h`, adds `u·a·∂σ′/∂z`.
public final class Reinforce implements GateEstimator {
  /// What is subtracted from a row's loss; it changes the variance of the gradient, and, if it depends on the row's own draw, its mean.
  public enum Baseline {
    /// Nothing.
    NONE,
    /// The smallest loss of the batch, as the authors coded it. Depends on the row's draw: biased, every mask but the best row's is pushed down.
    BATCH_MINIMUM,
    /// The mean loss of the batch. Its gradient is on average `(n − 1)/n` of the true one.
    MEAN,
    /// The mean loss of the batch's other rows: unbiased. 0 in a batch of one row.
    LEAVE_ONE_OUT,
    /// The exponential mean of the batches before, the newest with a share of 0.1: unbiased. In the first batch leave-one-out.
    RUNNING_MEAN
  }

  private static final double NEWEST_SHARE = 0.1;

  private final float clamp;
  private final int gates;
  private final Baseline baseline;
  private final double[] advantages;
  private double runningMean = Double.NaN;

  Reinforce(float clamp, Baseline baseline, int gates, int rows) {
    this.clamp = clamp;
    this.gates = gates;
    this.baseline = baseline;
    this.advantages = new double[rows];
  }

  /// `σ′`
  static float probability(float sigmoid, float clamp) {
    return clamp == 0 ? sigmoid : Math.fma(1 - 2 * clamp, sigmoid, clamp);
  }

  @Override
  public void soften(
      Matrix logits, int fromRow, int toRow, ElementwiseKernels elementwise, Matrix soft) {
    SoftGates.sigmoid(logits, fromRow, toRow, 1f, elementwise, soft);
    for (int row = fromRow; row < toRow; row++) {
      for (int gate = 0; gate < gates; gate++) {
        soft.set(row, gate, probability(soft.get(row, gate), clamp));
      }
    }
  }

  @Override
  public void select(
      int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open, float[] weights) {
    SoftGates.draw(row, soft, draws, open);
    SoftGates.copyOpen(row, soft, open, weights);
  }

  @Override
  public double endBatch(int rows, Matrix logits, Matrix soft, OpenGates open, double[] losses) {
    double sum = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int row = 0; row < rows; row++) {
      sum += losses[row];
      smallest = Math.min(smallest, losses[row]);
    }
    for (int row = 0; row < rows; row++) {
      double subtracted =
          switch (baseline) {
            case NONE -> 0;
            case BATCH_MINIMUM -> smallest;
            case MEAN -> sum / rows;
            case LEAVE_ONE_OUT -> meanOfOthers(sum, losses[row], rows);
            case RUNNING_MEAN ->
                Double.isNaN(runningMean) ? meanOfOthers(sum, losses[row], rows) : runningMean;
          };
      advantages[row] = (losses[row] - subtracted) / rows;
    }
    double mean = sum / rows;
    runningMean =
        Double.isNaN(runningMean) ? mean : runningMean + NEWEST_SHARE * (mean - runningMean);
    return 0;
  }

  private static double meanOfOthers(double sum, double own, int rows) {
    return rows == 1 ? 0 : (sum - own) / (rows - 1);
  }

  @Override
  public void logitGrad(
      int row,
      Matrix logits,
      Matrix soft,
      OpenGates open,
      boolean scalesOutput,
      float[] admitted,
      double[] softGrad,
      Matrix logitGrad) {
    double kept = 1 - 2.0 * clamp;
    for (int gate = 0; gate < admitted.length; gate++) {
      double p = soft.get(row, gate);
      int drawn = open.isOpen(row, gate) ? 1 : 0;
      double sigmoid = (p - clamp) / kept;
      double slope = kept * sigmoid * (1 - sigmoid);
      double score = clamp == 0 ? drawn - p : (drawn - p) / (p * (1 - p)) * slope;
      double byProbability = softGrad[gate] + (scalesOutput ? drawn * admitted[gate] : 0);
      logitGrad.set(row, gate, (float) (advantages[row] * score + byProbability * slope));
    }
  }

  @Override
  public double[] memory() {
    return new double[] {runningMean};
  }

  @Override
  public void remember(double[] memory) {
    runningMean = memory[0];
  }
}
