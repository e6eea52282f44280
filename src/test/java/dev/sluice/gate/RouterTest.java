package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Gradients of routers against central differences of their losses, written out in double arithmetic; noise and decisions are held fixed.
class RouterTest {
  private static final int GATES = 5;
  private static final int ROWS = 4;
  private static final double DIFFERENCE = 1e-5;

  private static final float[][] ADMITTED = {
    {0.5f, -1, 2, 0.3f, 1}, {1, 1, -2, 0, 0.7f}, {-1, 0.2f, 0, 3, 1}, {0, 2, 1, -1, -0.4f}
  };
  private static final double[][] SOFT_GRAD = {
    {0.1, 0, -0.3, 0.2, 0}, {0, 0.5, 0, 0, 0.1}, {-0.2, 0.1, 0.3, 0, 0}, {0, 0, 0, 0.4, -0.1}
  };

  /// What a router descends, as a function of its logits `[row][kind · gates + gate]`.
  private interface Loss {
    double at(double[][] logits);
  }

  private static void check(EstimatorBench bench, double[][] gradients, Loss loss) {
    double[][] z = new double[ROWS][GATES * bench.kinds];
    for (int row = 0; row < ROWS; row++) {
      for (int index = 0; index < z[row].length; index++) {
        z[row][index] = bench.logits.get(row, index);
      }
    }
    for (int row = 0; row < ROWS; row++) {
      for (int index = 0; index < z[row].length; index++) {
        double value = z[row][index];
        z[row][index] = value + DIFFERENCE;
        double up = loss.at(z);
        z[row][index] = value - DIFFERENCE;
        double slope = (up - loss.at(z)) / (2 * DIFFERENCE);
        z[row][index] = value;
        assertThat(gradients[row][index])
            .as("row %d, logit %d", row, index)
            .isCloseTo(slope, Offset.offset(1e-5 + 1e-5 * Math.abs(slope)));
      }
    }
  }

  private static double squaredVariation(double[] totals) {
    double mean = Arrays.stream(totals).average().orElseThrow();
    double variance =
        Arrays.stream(totals).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    return variance / (mean * mean);
  }

  private static double softplus(double s) {
    return Math.log1p(Math.exp(s)) + 1e-6;
  }

  private static double[] softmax(double[] z, boolean[] kept) {
    double sum = 0;
    double[] shares = new double[z.length];
    for (int gate = 0; gate < z.length; gate++) {
      shares[gate] = kept[gate] ? Math.exp(z[gate]) : 0;
      sum += shares[gate];
    }
    for (int gate = 0; gate < z.length; gate++) {
      shares[gate] /= sum;
    }
    return shares;
  }

  /// `E(θ) = Σ a·G + Σ softGrad·P + w_imp·CV(ΣG)² + w_load·CV(ΣP)²`.
  private static double noisyTopK(
      EstimatorBench bench, double[][] noise, int k, double importance, double load, double[][] z) {
    double[] importances = new double[GATES];
    double[] loads = new double[GATES];
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      double[] h = new double[GATES];
      for (int gate = 0; gate < GATES; gate++) {
        h[gate] = z[row][gate] + noise[row][gate] * softplus(z[row][GATES + gate]);
      }
      double[] shares = softmax(h, bench.open[row]);
      for (int gate = 0; gate < GATES; gate++) {
        int excluded = gate;
        double threshold =
            IntStream.range(0, GATES)
                .filter(other -> other != excluded)
                .mapToDouble(other -> h[other])
                .sorted()
                .skip(GATES - 1 - k)
                .findFirst()
                .orElseThrow();
        double quantile = (z[row][gate] - threshold) / softplus(z[row][GATES + gate]);
        double p = 0.5 * (1 + Erf.erf(quantile / Math.sqrt(2)));
        importances[gate] += shares[gate];
        loads[gate] += p;
        sum += ADMITTED[row][gate] * shares[gate] + SOFT_GRAD[row][gate] * p;
      }
    }
    return sum + importance * squaredVariation(importances) + load * squaredVariation(loads);
  }

  /// The noise of a bench with this seed, taken from its generator in the same order.
  private static double[][] noise(long seed) {
    Random random = new Random(seed);
    double[][] normals = new double[ROWS][GATES];
    for (double[] row : normals) {
      for (int index = 0; index < 2 * GATES; index++) {
        random.nextGaussian();
      }
      for (int gate = 0; gate < GATES; gate++) {
        row[gate] = (float) random.nextGaussian();
        random.nextDouble();
      }
    }
    return normals;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void noisyTopKsGradientIsThatOfSharesAndBothLosses(int k) {
    EstimatorBench bench = new EstimatorBench(new NoisyTopKRule(k, 0.7f, 0.4f), GATES, ROWS, 2);
    bench.decide();
    double[][] noise = noise(2);
    double terms = bench.endBatch(0, 0, 0, 0);
    float imp = 0.7f;
    float load = 0.4f;
    double[][] gradients = bench.gradients(true, ADMITTED, SOFT_GRAD);
    check(bench, gradients, z -> noisyTopK(bench, noise, k, imp, load, z));
    for (int row = 0; row < ROWS; row++) {
      int open = 0;
      float sum = 0;
      for (int gate = 0; gate < GATES; gate++) {
        open += bench.open[row][gate] ? 1 : 0;
        sum += bench.open[row][gate] ? bench.weights[row][gate] : 0;
      }
      assertThat(open).isEqualTo(k);
      assertThat(sum).isCloseTo(1, Offset.offset(1e-6f));
    }
    assertThat(terms).isPositive();
  }

  @Test
  void ofAllGatesOpenTheLoadIsEvenAndHasNoGradient() {
    EstimatorBench bench = new EstimatorBench(new NoisyTopKRule(GATES, 0, 1), GATES, ROWS, 2);
    bench.decide();
    assertThat(bench.endBatch(0, 0, 0, 0)).isZero();
    double[][] gradients = bench.gradients(true, new float[ROWS][GATES], new double[ROWS][GATES]);
    assertThat(gradients[1]).containsOnly(0);
  }

  /// Importances 3, 1, 2, 2: mean 2, variance ½, so CV² is 1/8; derivatives `2(x − 2)/(4·4) − 2·½/(4·8)`.
  @Test
  void squaredVariationAndItsDerivativesAreWorkedByHand() {
    double[] totals = {3, 1, 2, 2};
    assertThat(LoadBalance.squaredVariation(totals)).isEqualTo(0.125);
    assertThat(totals).containsExactly(0.125 - 0.03125, -0.125 - 0.03125, -0.03125, -0.03125);
    double[] nothing = {0, 0};
    assertThat(LoadBalance.squaredVariation(nothing)).isZero();
    assertThat(nothing).containsExactly(0, 0);
  }

  private static double switchLoss(
      EstimatorBench bench, boolean[][] routed, double balance, double zWeight, double[][] z) {
    boolean[] all = new boolean[GATES];
    Arrays.fill(all, true);
    double sum = 0;
    for (int gate = 0; gate < GATES; gate++) {
      double share = 0;
      double mean = 0;
      for (int row = 0; row < ROWS; row++) {
        double p = softmax(z[row], all)[gate];
        share += routed[row][gate] ? 1.0 / ROWS : 0;
        mean += p / ROWS;
        sum += SOFT_GRAD[row][gate] * p;
        sum += bench.open[row][gate] ? ADMITTED[row][gate] * p : 0;
      }
      sum += balance * GATES * share * mean;
    }
    for (double[] row : z) {
      double logSum = Math.log(Arrays.stream(row).map(Math::exp).sum());
      sum += zWeight * logSum * logSum / ROWS;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 5})
  void switchsGradientIsThatOfWeightBalanceAndZLoss(float capacity) {
    EstimatorBench bench =
        new EstimatorBench(new SwitchRule(capacity, 0.5f, 0.3f), GATES, ROWS, 11);
    bench.decide();
    boolean[][] routed = Arrays.stream(bench.open).map(boolean[]::clone).toArray(boolean[][]::new);
    int dropped = bench.estimator.close(ROWS, bench);
    // capacity 0.1 · 4/5, rounded up: one row for each gate
    long distinct = Arrays.stream(routed).map(Arrays::toString).distinct().count();
    assertThat(dropped).isEqualTo(capacity < 1 ? ROWS - (int) distinct : 0);
    bench.endBatch(0, 0, 0, 0);
    double[][] gradients = bench.gradients(true, ADMITTED, SOFT_GRAD);
    check(bench, gradients, z -> switchLoss(bench, routed, 0.5f, 0.3f, z));
  }

  /// Seven rows, two gates, c = 1.25: room for ⌈1.25·7/2⌉ = 5 of either. Rows 0–5 want gate 1, row 6 gate 0: row 5 finds no room.
  @Test
  void rowsBeyondCapacityAreDroppedInTheOrderOfRows() {
    EstimatorBench bench = new EstimatorBench(new SwitchRule(1.25f, 1f, 0f), 2, 7, 1);
    for (int row = 0; row < 7; row++) {
      bench.logits.set(row, 0, row == 6 ? 1 : 0);
      bench.logits.set(row, 1, row == 6 ? 0 : (float) Math.log(3));
    }
    bench.decide();
    assertThat(bench.weights[0][1]).isCloseTo(0.75f, Offset.offset(1e-6f));
    assertThat(bench.estimator.close(7, bench)).isEqualTo(1);
    for (int row = 0; row < 7; row++) {
      assertThat(bench.open[row][1]).isEqualTo(row < 5);
      assertThat(bench.open[row][0]).isEqualTo(row == 6);
    }
    // f = 1/7, 6/7 of routed rows; P_0 = (6·¼ + e/(1+e))/7
    double first = (6 * 0.25 + Math.E / (1 + Math.E)) / 7;
    double expected = 2 * (first / 7 + (1 - first) * 6 / 7);
    assertThat(bench.endBatch(new double[7])).isCloseTo(expected, Offset.offset(1e-6));
  }
}
