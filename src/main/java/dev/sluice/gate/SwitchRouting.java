package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import java.lang.foreign.MemorySegment;

/// How [SwitchRule] learns. Soft gates are the router's probabilities `p`; with `f_e` the share of rows routed to gate `e`, dropped ones
/// included, `P_e` the mean of `p_e` and `ℓ_i = ln Σ exp z_i`,
///
/// ```
/// L  = α·N·Σ f_e P_e + w/n·Σ ℓ_i²
/// dp = α·N·f/n + softGrad + a, a of the open gate alone
/// dz = p ⊙ (dp − Σ p·dp) + 2w·ℓ/n·p
/// ```
///
/// Where a layer does not scale by p, the same: straight through. A dropped row learns from the two terms alone.
final class SwitchRouting implements GateEstimator {
  private final float capacity;
  private final double balance;
  private final double zWeight;
  private final int gates;
  private final int[] routes;
  private final double[] logSums;
  private final double[] byProbability;
  private final RowRankings largest;
  private int rows;

  SwitchRouting(float capacity, double balance, double zWeight, int gates, int rows) {
    this.capacity = capacity;
    this.balance = balance;
    this.zWeight = zWeight;
    this.gates = gates;
    this.routes = new int[rows];
    this.logSums = new double[rows];
    this.byProbability = new double[gates];
    this.largest = new RowRankings(1, rows);
  }

  @Override
  public void soften(
      Matrix logits, int fromRow, int toRow, ElementwiseKernels elementwise, Matrix soft) {
    for (int row = fromRow; row < toRow; row++) {
      long offsetBytes = soft.rowOffsetBytes(row);
      MemorySegment.copy(
          logits.data(),
          logits.rowOffsetBytes(row),
          soft.data(),
          offsetBytes,
          (long) gates * Float.BYTES);
      logSums[row] = elementwise.softmaxAndLogSumInPlace(soft.data(), offsetBytes, gates);
    }
  }

  @Override
  public void select(
      int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open, float[] weights) {
    largest.of(row).select(logits.data(), logits.rowOffsetBytes(row), open);
    routes[row] = open.index(0);
    SoftGates.copyOpen(row, soft, open, weights);
  }

  @Override
  public int close(int rows, OpenGates open) {
    // in single precision, where 1.1 times 10 is 11
    int room = (int) Math.ceil(capacity * rows / gates);
    int[] taken = new int[gates];
    int dropped = 0;
    for (int row = 0; row < rows; row++) {
      if (++taken[routes[row]] > room) {
        open.close(row, routes[row]);
        dropped++;
      }
    }
    return dropped;
  }

  @Override
  public double endBatch(int newRows, Matrix logits, Matrix soft, OpenGates open, double[] losses) {
    rows = newRows;
    double[] shares = new double[gates];
    double squares = 0;
    for (int row = 0; row < rows; row++) {
      shares[routes[row]] += 1.0 / rows;
      squares += logSums[row] * logSums[row];
    }
    double sum = 0;
    for (int gate = 0; gate < gates; gate++) {
      double mean = 0;
      for (int row = 0; row < rows; row++) {
        mean += (double) soft.get(row, gate) / rows;
      }
      sum += shares[gate] * mean;
      byProbability[gate] = balance * gates * shares[gate] / rows;
    }
    return balance * gates * sum + zWeight * squares / rows;
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
    double mean = 0;
    for (int gate = 0; gate < gates; gate++) {
      mean += soft.get(row, gate) * slope(row, gate, open, admitted, softGrad);
    }
    double bySum = 2 * zWeight * logSums[row] / rows;
    for (int gate = 0; gate < gates; gate++) {
      double slope = slope(row, gate, open, admitted, softGrad) - mean + bySum;
      logitGrad.set(row, gate, (float) (soft.get(row, gate) * slope));
    }
  }

  private double slope(int row, int gate, OpenGates open, float[] admitted, double[] softGrad) {
    double task = open.isOpen(row, gate) ? admitted[gate] : 0;
    return byProbability[gate] + softGrad[gate] + task;
  }
}
