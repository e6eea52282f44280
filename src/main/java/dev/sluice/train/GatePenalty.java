package dev.sluice.train;

import dev.sluice.memory.Matrix;
import java.util.Arrays;

/// Everything but the task that pulls on the gates of one layer: the budget's λ·relMACs(ĝ), and terms on the soft gates of a batch.
///
/// ```
/// mean terms     see UsagePenalty                          of p̄ or ĝ̄ over rows i and gates j
/// block floor    w_f Σ_j max(0, f − mean_i p_ij)²
/// variance      −w_v Σ_j mean_i (p_ij − mean_i p_ij)²
/// ```
final class GatePenalty {
  private final GateOptions options;
  private final GateDecisions decisions;
  private final MacCosts costs;
  private final int layer;
  private final double[] means;
  private final double[] constants;
  private final double[] rowConstants;
  private double slope;
  private double macWeightPerRow;

  /// @param rows the largest batch
  GatePenalty(GateOptions options, GateDecisions decisions, MacCosts costs, int layer, int rows) {
    this.options = options;
    this.decisions = decisions;
    this.costs = costs;
    this.layer = layer;
    this.means = new double[decisions.gates()];
    this.constants = new double[decisions.gates()];
    this.rowConstants = new double[rows];
  }

  /// Whether any term needs the statistics of a batch.
  static boolean hasBatchTerms(GateOptions options) {
    return !options.penalties().isEmpty()
        || options.blockFloorWeight() > 0
        || options.varianceWeight() > 0;
  }

  /// Prepares the gradient of a batch of `rows` rows.
  ///
  /// @param p soft gates
  /// @param ramp share of the penalties' weight that acts, in [0, 1]
  /// @param macWeight λ of the budget
  void prepare(Matrix p, int rows, double ramp, double macWeight) {
    macWeightPerRow = macWeight / rows;
    slope = 0;
    Arrays.fill(constants, 0);
    Arrays.fill(rowConstants, 0);
    if (hasBatchTerms(options)) {
      takeMeans(p, rows);
      addMeanTerms(rows, ramp);
      addShares(p, rows, ramp);
      addBlockFloor(rows);
      addVariance(rows);
    }
  }

  private void takeMeans(Matrix p, int rows) {
    Arrays.fill(means, 0);
    for (int row = 0; row < rows; row++) {
      for (int gate = 0; gate < means.length; gate++) {
        means[gate] += p.get(row, gate);
      }
    }
    for (int gate = 0; gate < means.length; gate++) {
      means[gate] /= rows;
    }
  }

  private void addMeanTerms(int rows, double ramp) {
    double soft = 0;
    for (double mean : means) {
      soft += mean;
    }
    soft /= means.length;
    double hard = 0;
    for (int row = 0; row < rows; row++) {
      hard += decisions.openGates(row);
    }
    hard /= (double) rows * means.length;
    double byMean = 0;
    for (UsagePenalty penalty : options.penalties()) {
      boolean isFloor = penalty.kind() == UsagePenalty.Kind.KEEP_FLOOR;
      double weight = penalty.weight() * (isFloor ? 1 : ramp);
      double mean = penalty.kind() == UsagePenalty.Kind.HARD_TARGET ? hard : soft;
      double above = mean - penalty.target();
      byMean +=
          weight
              * switch (penalty.kind()) {
                case USAGE -> 1;
                case HINGE -> above > 0 ? 1 : 0;
                case TARGET, HARD_TARGET -> 2 * above;
                case KEEP_FLOOR -> 2 * Math.min(0, above);
                case BLOCK_SHARE, BLOCK_SHARE_SQUARED, ROW_SHARE, ROW_SHARE_SQUARED -> 0;
              };
    }
    for (int gate = 0; gate < constants.length; gate++) {
      constants[gate] += byMean / ((double) rows * means.length);
    }
  }

  private void addShares(Matrix p, int rows, double ramp) {
    for (UsagePenalty penalty : options.penalties()) {
      double weight = penalty.weight() * ramp / rows;
      switch (penalty.kind()) {
        case BLOCK_SHARE, BLOCK_SHARE_SQUARED -> {
          for (int gate = 0; gate < means.length; gate++) {
            constants[gate] += weight * distanceGrad(penalty, means[gate]);
          }
        }
        case ROW_SHARE, ROW_SHARE_SQUARED -> {
          for (int row = 0; row < rows; row++) {
            double slope = distanceGrad(penalty, meanOfRow(p, row));
            rowConstants[row] += weight / means.length * slope;
          }
        }
        default -> {}
      }
    }
  }

  private static double distanceGrad(UsagePenalty penalty, double mean) {
    double above = mean - penalty.target();
    return switch (penalty.kind()) {
      case BLOCK_SHARE, ROW_SHARE -> Math.signum(above);
      default -> 2 * above;
    };
  }

  private double meanOfRow(Matrix p, int row) {
    double sum = 0;
    for (int gate = 0; gate < means.length; gate++) {
      sum += p.get(row, gate);
    }
    return sum / means.length;
  }

  private void addBlockFloor(int rows) {
    for (int gate = 0; gate < means.length; gate++) {
      double missing = Math.max(0, options.blockFloor() - means[gate]);
      constants[gate] -= 2 * options.blockFloorWeight() * missing / rows;
    }
  }

  private void addVariance(int rows) {
    slope = -2 * options.varianceWeight() / rows;
    for (int gate = 0; gate < means.length; gate++) {
      constants[gate] -= slope * means[gate];
    }
  }

  /// Derivative of all terms by one gate of one row, straight through the decision where a term is of ĝ.
  double gradient(int row, int gate, float p) {
    double sum = constants[gate] + rowConstants[row] + slope * p;
    return macWeightPerRow == 0
        ? sum
        : sum + macWeightPerRow * costs.relativeMacsByGate(layer, row, gate);
  }
}
