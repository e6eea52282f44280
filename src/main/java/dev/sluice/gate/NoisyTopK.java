package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.ScalarMath;
import dev.sluice.memory.Matrix;
import java.lang.foreign.Arena;

/// How [NoisyTopKRule] learns. Soft gates are `P(x,e) = Φ((c_e − t_e)/softplus(s_e))`, `t_e` the k-th largest of H without gate `e`.
///
/// ```
/// dG = a + dL_imp/dG     on the k open gates; of closed ones G is 0 whatever H
/// dH = G ⊙ (dG − Σ G·dG)
/// dP = dL_load/dP + softGrad, on through c_e, s_e, and the H that is t_e
/// ```
///
/// Where a layer does not scale by G, the same: straight through.
final class NoisyTopK implements GateEstimator {
  /// Added to softplus, which underflows: no noise shall not be a division by 0.
  private static final double LEAST_NOISE = 1e-6;

  private final double importanceWeight;
  private final double loadWeight;
  private final int gates;
  private final Matrix noisy;
  private final float[] normals;
  private final float[] shares;
  private final boolean[] kept;
  private final int[] kth;
  private final int[] next;
  private final RowRankings largest;
  private final double[] byImportance;
  private final double[] byLoad;

  NoisyTopK(int k, double importanceWeight, double loadWeight, int gates, int rows) {
    this.importanceWeight = importanceWeight;
    this.loadWeight = loadWeight;
    this.gates = gates;
    this.noisy = Matrix.allocate(Arena.ofAuto(), rows, gates);
    this.normals = new float[Math.multiplyExact(rows, gates)];
    this.shares = new float[normals.length];
    this.kept = new boolean[normals.length];
    this.kth = new int[rows];
    this.next = new int[rows];
    this.largest = new RowRankings(k, rows);
    this.byImportance = new double[gates];
    this.byLoad = new double[gates];
  }

  /// P depends on draws.
  @Override
  public void soften(
      Matrix logits, int fromRow, int toRow, ElementwiseKernels elementwise, Matrix soft) {}

  @Override
  public void select(
      int row, Matrix logits, Matrix soft, GateDraws draws, ActiveSet open, float[] weights) {
    int own = row * gates;
    for (int gate = 0; gate < gates; gate++) {
      normals[own + gate] = draws.normal(gate);
      double h = logits.get(row, gate) + normals[own + gate] * deviation(logits, row, gate);
      noisy.set(row, gate, (float) h);
      shares[own + gate] = 0;
      kept[own + gate] = false;
    }
    largest.of(row).select(noisy.data(), noisy.rowOffsetBytes(row), open);
    SoftGates.softmax(noisy.data(), noisy.rowOffsetBytes(row), open, weights);
    for (int position = 0; position < open.count(); position++) {
      shares[own + open.index(position)] = weights[open.index(position)];
      kept[own + open.index(position)] = true;
    }
    findThresholds(row, open);
    for (int gate = 0; gate < gates; gate++) {
      boolean alwaysOpen = next[row] < 0;
      float quantile = alwaysOpen ? 0 : (float) quantile(row, gate, logits);
      soft.set(row, gate, alwaysOpen ? 1f : ScalarMath.normalDistribution(quantile));
    }
  }

  private double deviation(Matrix logits, int row, int gate) {
    double s = logits.get(row, gates + gate);
    double softplus = s > 30 ? s : StrictMath.log1p(StrictMath.exp(s));
    return softplus + LEAST_NOISE;
  }

  /// The last of the open gates and the first of the closed ones, −1 if there is none.
  private void findThresholds(int row, ActiveSet open) {
    kth[row] = -1;
    next[row] = -1;
    int position = 0;
    for (int gate = 0; gate < gates; gate++) {
      float h = noisy.get(row, gate);
      if (position < open.count() && open.index(position) == gate) {
        position++;
        kth[row] = kth[row] < 0 || h <= noisy.get(row, kth[row]) ? gate : kth[row];
      } else {
        next[row] = next[row] < 0 || h > noisy.get(row, next[row]) ? gate : next[row];
      }
    }
  }

  /// The gate whose H gate `gate` has to exceed to be open.
  private int threshold(int row, int gate) {
    return kept[row * gates + gate] ? next[row] : kth[row];
  }

  private double quantile(int row, int gate, Matrix logits) {
    double threshold = noisy.get(row, threshold(row, gate));
    return (logits.get(row, gate) - threshold) / deviation(logits, row, gate);
  }

  @Override
  public double endBatch(int rows, Matrix logits, Matrix soft, OpenGates open, double[] losses) {
    for (int gate = 0; gate < gates; gate++) {
      byImportance[gate] = 0;
      byLoad[gate] = 0;
      for (int row = 0; row < rows; row++) {
        byImportance[gate] += shares[row * gates + gate];
        byLoad[gate] += soft.get(row, gate);
      }
    }
    double importance = LoadBalance.squaredVariation(byImportance);
    double load = LoadBalance.squaredVariation(byLoad);
    return importanceWeight * importance + loadWeight * load;
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
    double[] byNoisy = new double[gates];
    double[] byClean = new double[gates];
    double[] byDeviation = new double[gates];
    addShares(row, admitted, byNoisy);
    if (next[row] >= 0) {
      addProbabilities(row, logits, softGrad, byNoisy, byClean, byDeviation);
    }
    for (int gate = 0; gate < gates; gate++) {
      double clean = byClean[gate] + byNoisy[gate];
      double deviation = byDeviation[gate] + byNoisy[gate] * normals[row * gates + gate];
      double s = logits.get(row, gates + gate);
      logitGrad.set(row, gate, (float) clean);
      logitGrad.set(row, gates + gate, (float) (deviation / (1 + StrictMath.exp(-s))));
    }
  }

  private void addShares(int row, float[] admitted, double[] byNoisy) {
    double mean = 0;
    for (int gate = 0; gate < gates; gate++) {
      mean += shares[row * gates + gate] * byShare(admitted, gate);
    }
    for (int gate = 0; gate < gates; gate++) {
      byNoisy[gate] += shares[row * gates + gate] * (byShare(admitted, gate) - mean);
    }
  }

  private double byShare(float[] admitted, int gate) {
    return admitted[gate] + importanceWeight * byImportance[gate];
  }

  private void addProbabilities(
      int row,
      Matrix logits,
      double[] softGrad,
      double[] byNoisy,
      double[] byClean,
      double[] byDeviation) {
    for (int gate = 0; gate < gates; gate++) {
      double byProbability = loadWeight * byLoad[gate] + softGrad[gate];
      double quantile = quantile(row, gate, logits);
      double density = StrictMath.exp(-quantile * quantile / 2) / Math.sqrt(2 * Math.PI);
      double slope = byProbability * density / deviation(logits, row, gate);
      byClean[gate] += slope;
      byDeviation[gate] -= slope * quantile;
      byNoisy[threshold(row, gate)] -= slope;
    }
  }
}
