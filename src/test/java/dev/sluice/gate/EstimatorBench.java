package dev.sluice.gate;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.memory.Matrix;
import java.lang.foreign.Arena;
import java.util.Random;

/// An estimator over a few rows whose logits, draws and losses a test sets, without a network.
final class EstimatorBench implements GateEstimator.OpenGates {
  final int rows;
  final int gates;
  final int kinds;
  final Matrix logits;
  final Matrix soft;
  final Matrix logitGrad;
  final boolean[][] open;
  final float[][] weights;
  final GateEstimator estimator;
  private final double[][] normals;
  private final double[][] uniforms;

  EstimatorBench(GateRule rule, int gates, int rows, long seed) {
    this.rows = rows;
    this.gates = gates;
    this.kinds = rule.logitsPerGate();
    this.logits = Matrix.allocate(Arena.ofAuto(), rows, 16);
    this.soft = Matrix.allocate(Arena.ofAuto(), rows, 16);
    this.logitGrad = Matrix.allocate(Arena.ofAuto(), rows, 16);
    this.open = new boolean[rows][gates];
    this.weights = new float[rows][gates];
    this.estimator = rule.estimator(gates, rows, false);
    Random random = new Random(seed);
    this.normals = new double[rows][gates];
    this.uniforms = new double[rows][gates];
    for (int row = 0; row < rows; row++) {
      for (int index = 0; index < gates * kinds; index++) {
        logits.set(row, index, (float) random.nextGaussian());
      }
      for (int gate = 0; gate < gates; gate++) {
        normals[row][gate] = random.nextGaussian();
        uniforms[row][gate] = random.nextDouble();
      }
    }
  }

  /// Soft gates and decisions of all rows, nothing taken back.
  void decide() {
    estimator.soften(logits, 0, rows, KernelProvider.kernels().elementwise(), soft);
    for (int row = 0; row < rows; row++) {
      int own = row;
      ActiveSet set = new ActiveSet(gates);
      GateDraws draws =
          new GateDraws() {
            @Override
            public float uniform(int index) {
              return (float) uniforms[own][index];
            }

            @Override
            public float normal(int index) {
              return (float) normals[own][index];
            }
          };
      estimator.select(row, logits, soft, draws, set, weights[row]);
      open[row] = new boolean[gates];
      for (int position = 0; position < set.count(); position++) {
        open[row][set.index(position)] = true;
      }
    }
  }

  double endBatch(double... losses) {
    return estimator.endBatch(rows, logits, soft, this, losses);
  }

  /// Gradients of all rows' logits, `[row][logit]`.
  double[][] gradients(boolean scales, float[][] admitted, double[][] softGrad) {
    double[][] gradients = new double[rows][gates * kinds];
    for (int row = 0; row < rows; row++) {
      estimator.logitGrad(row, logits, soft, this, scales, admitted[row], softGrad[row], logitGrad);
      for (int index = 0; index < gates * kinds; index++) {
        gradients[row][index] = logitGrad.get(row, index);
      }
    }
    return gradients;
  }

  static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  @Override
  public boolean isOpen(int row, int gate) {
    return open[row][gate];
  }

  @Override
  public void close(int row, int gate) {
    open[row][gate] = false;
  }
}
