package dev.sluice.train;

import dev.sluice.kernel.ScalarMath;
import dev.sluice.memory.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adaptive computation time over the stages of a batch (Graves, arXiv 1603.08983):
///
/// ```
/// h_t = σ(z_t)    N = min{ t : Σ_{t'≤t} h_t' ≥ 1−ε }, at most the last    R = 1 − Σ_{t<N} h_t
/// y = Σ_{t<N} h_t y_t + R y_N                              ρ = N + R
/// dL/dh_t = dy·(y_t − y_N) − τ/rows   for t < N, else 0    as N is piecewise constant
/// ```
///
/// In f32 and in the order of a predictor, for the same bits.
final class HaltingPass {
  private final Batch batch;
  private final float threshold;
  private final double ponderWeight;
  private final List<LayerPass> units;
  private final List<LayerPass> heads;
  private final Matrix mixture;
  private final @Nullable Matrix mixtureGrad;
  private final int outputs;
  private final int[] stages;
  private final Matrix shares;
  private final Work forward;
  private final Work back;

  /// @param units one per stage, each leaves its logit in column 0
  /// @param ponderWeight τ
  HaltingPass(
      Batch batch,
      float epsilon,
      double ponderWeight,
      List<LayerPass> units,
      List<LayerPass> heads,
      Matrix mixture,
      @Nullable Matrix mixtureGrad,
      Matrix shares,
      int outputs) {
    this.batch = batch;
    this.threshold = 1 - epsilon;
    this.ponderWeight = ponderWeight;
    this.units = List.copyOf(units);
    this.heads = List.copyOf(heads);
    this.mixture = mixture;
    this.mixtureGrad = mixtureGrad;
    this.shares = shares;
    this.outputs = outputs;
    this.stages = new int[batch.capacity()];
    this.forward = batch.rowWork((task, from, to) -> mixRows(from, to));
    this.back = batch.rowWork((task, from, to) -> backRows(from, to));
  }

  LayerPass unit(int stage) {
    return units.get(stage);
  }

  Matrix mixture() {
    return mixture;
  }

  /// To be filled before [#back].
  Matrix mixtureGrad() {
    if (mixtureGrad == null) {
      throw new IllegalStateException("halting was bound without gradients");
    }
    return mixtureGrad;
  }

  /// The stage at which a row stopped, N − 1.
  int stage(int row) {
    return stages[row];
  }

  /// `p_t` of a row.
  float share(int row, int stage) {
    return shares.get(row, stage);
  }

  /// From logits and heads to the mixture.
  Work forward() {
    return forward;
  }

  private void mixRows(int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      stages[row] = share(row);
      for (int output = 0; output < outputs; output++) {
        float sum = shares.get(row, 0) * heads.getFirst().y().get(row, output);
        for (int stage = 1; stage <= stages[row]; stage++) {
          sum = Math.fma(shares.get(row, stage), heads.get(stage).y().get(row, output), sum);
        }
        mixture.set(row, output, sum);
      }
    }
  }

  /// Shares of the stages, and the one at which the row stops.
  private int share(int row) {
    float sum = 0;
    int stage = 0;
    for (; stage < units.size() - 1; stage++) {
      float h = ScalarMath.sigmoid(units.get(stage).y().get(row, 0));
      if (sum + h >= threshold) {
        break;
      }
      shares.set(row, stage, h);
      sum += h;
    }
    shares.set(row, stage, 1 - sum);
    return stage;
  }

  /// From the mixture's gradient to those of heads and logits.
  Work back() {
    return back;
  }

  private void backRows(int fromRow, int toRow) {
    double ponder = ponderWeight / batch.rows();
    for (int row = fromRow; row < toRow; row++) {
      int last = stages[row];
      for (int stage = 0; stage < heads.size(); stage++) {
        LayerPass head = heads.get(stage);
        float share = stage <= last ? shares.get(row, stage) : 0;
        double byShare = 0;
        for (int output = 0; output < outputs; output++) {
          float slope = mixtureGrad().get(row, output);
          double more = head.y().get(row, output) - (double) heads.get(last).y().get(row, output);
          byShare += slope * more;
          head.dy().set(row, output, share * slope);
        }
        double byLogit = stage < last ? (byShare - ponder) * share * (1 - share) : 0;
        units.get(stage).dy().set(row, 0, (float) byLogit);
      }
    }
  }
}
