package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.BernoulliRule.Decision;
import dev.sluice.gate.Reinforce.Baseline;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The estimator's mean over all masks, each weighted by its probability, against the derivative of the expected loss, which is a sum
/// over the same masks.
class ReinforceTest {
  private static final int GATES = 2;
  private static final int ROWS = 3;
  private static final int MASKS = 1 << (GATES * ROWS);

  private final Random random = new Random(7);

  /// `[row][mask]`: what a row loses with each of its masks.
  private final double[][] losses = losses();

  private double[][] losses() {
    double[][] made = new double[ROWS][1 << GATES];
    for (double[] row : made) {
      for (int mask = 0; mask < row.length; mask++) {
        row[mask] = 1 + 2 * random.nextDouble();
      }
    }
    return made;
  }

  private static EstimatorBench bench(Baseline baseline, float clamp) {
    return new EstimatorBench(
        new BernoulliRule(Decision.THRESHOLD, 0, 0, clamp, baseline), GATES, ROWS, 3);
  }

  private static double probability(EstimatorBench bench, float clamp, int row, int gate) {
    return (1 - 2 * clamp) * EstimatorBench.sigmoid(bench.logits.get(row, gate)) + clamp;
  }

  private static double probability(EstimatorBench bench, float clamp, int row, boolean[] open) {
    double product = 1;
    for (int gate = 0; gate < GATES; gate++) {
      double p = probability(bench, clamp, row, gate);
      product *= open[gate] ? p : 1 - p;
    }
    return product;
  }

  private static boolean[] mask(int masks, int row) {
    boolean[] open = new boolean[GATES];
    for (int gate = 0; gate < GATES; gate++) {
      open[gate] = (masks >> (row * GATES + gate) & 1) == 1;
    }
    return open;
  }

  private double loss(int row, boolean[] open) {
    return losses[row][(open[0] ? 1 : 0) + (open[1] ? 2 : 0)];
  }

  /// Mean over rows of `E[C]`.
  private double expectedLoss(EstimatorBench bench, float clamp) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int masks = 0; masks < 1 << GATES; masks++) {
        boolean[] open = mask(masks, 0);
        sum += probability(bench, clamp, row, open) * loss(row, open) / ROWS;
      }
    }
    return sum;
  }

  private double derivative(EstimatorBench bench, float clamp, int row, int gate) {
    float z = bench.logits.get(row, gate);
    bench.logits.set(row, gate, z + 0.01f);
    double up = expectedLoss(bench, clamp);
    float above = bench.logits.get(row, gate);
    bench.logits.set(row, gate, z - 0.01f);
    double down = expectedLoss(bench, clamp);
    float below = bench.logits.get(row, gate);
    bench.logits.set(row, gate, z);
    return (up - down) / ((double) above - below);
  }

  /// `[row][gate]`
  private double[][] meanGradient(EstimatorBench bench, float clamp) {
    double[][] mean = new double[ROWS][GATES];
    bench.decide();
    for (int masks = 0; masks < MASKS; masks++) {
      double weight = 1;
      double[] own = new double[ROWS];
      for (int row = 0; row < ROWS; row++) {
        bench.open[row] = mask(masks, row);
        weight *= probability(bench, clamp, row, bench.open[row]);
        own[row] = loss(row, bench.open[row]);
      }
      bench.endBatch(own);
      double[][] gradient = bench.gradients(false, new float[ROWS][GATES], new double[ROWS][GATES]);
      for (int row = 0; row < ROWS; row++) {
        for (int gate = 0; gate < GATES; gate++) {
          mean[row][gate] += weight * gradient[row][gate];
        }
      }
    }
    return mean;
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, 0, 1",
    "NONE, 0.01, 1",
    "LEAVE_ONE_OUT, 0, 1",
    "LEAVE_ONE_OUT, 0.01, 1",
    "LEAVE_ONE_OUT, 0.2, 1",
    "MEAN, 0.01, 0.6666667"
  })
  void onAverageTheGradientIsThatOfTheExpectedLoss(Baseline baseline, float clamp, double share) {
    EstimatorBench bench = bench(baseline, clamp);
    double[][] mean = meanGradient(bench, clamp);
    for (int row = 0; row < ROWS; row++) {
      for (int gate = 0; gate < GATES; gate++) {
        double expected = share * derivative(bench, clamp, row, gate);
        assertThat(mean[row][gate]).isCloseTo(expected, Offset.offset(1e-5));
        assertThat(Math.abs(expected)).isGreaterThan(1e-3);
      }
    }
  }

  /// Each baseline is independent of the row's draw once it comes from earlier batches.
  @Test
  void aRunningMeanIsUnbiasedForAnyValue() {
    EstimatorBench bench = bench(Baseline.RUNNING_MEAN, 0.01f);
    bench.decide();
    bench.endBatch(1, 2, 3);
    assertThat(bench.estimator.memory()).containsExactly(2.0);
    bench.endBatch(4, 4, 4);
    assertThat(bench.estimator.memory()[0]).isCloseTo(2.2, Offset.offset(1e-12));
    double[][] mean = new double[ROWS][GATES];
    for (int masks = 0; masks < MASKS; masks++) {
      double weight = 1;
      double[] own = new double[ROWS];
      for (int row = 0; row < ROWS; row++) {
        bench.open[row] = mask(masks, row);
        weight *= probability(bench, 0.01f, row, bench.open[row]);
        own[row] = loss(row, bench.open[row]);
      }
      bench.estimator.remember(new double[] {2.2});
      bench.endBatch(own);
      double[][] gradient = bench.gradients(false, new float[ROWS][GATES], new double[ROWS][GATES]);
      for (int row = 0; row < ROWS; row++) {
        for (int gate = 0; gate < GATES; gate++) {
          mean[row][gate] += weight * gradient[row][gate];
        }
      }
    }
    assertThat(mean[1][1]).isCloseTo(derivative(bench, 0.01f, 1, 1), Offset.offset(1e-5));
  }

  @Test
  void theBatchMinimumIsBiasedAndPushesEveryMaskButTheBestRowsDown() {
    EstimatorBench bench = bench(Baseline.BATCH_MINIMUM, 0f);
    double[][] mean = meanGradient(bench, 0f);
    double largest = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int gate = 0; gate < GATES; gate++) {
        largest = Math.max(largest, Math.abs(mean[row][gate] - derivative(bench, 0f, row, gate)));
      }
    }
    assertThat(largest).isGreaterThan(1e-3);
    for (boolean[] open : bench.open) {
      open[0] = true;
      open[1] = false;
    }
    bench.endBatch(1, 2, 3);
    double[][] gradient = bench.gradients(false, new float[ROWS][GATES], new double[ROWS][GATES]);
    assertThat(gradient[0]).containsExactly(0.0, 0.0);
    // descending it makes the drawn mask (open, closed) rarer
    assertThat(gradient[1][0]).isPositive();
    assertThat(gradient[1][1]).isNegative();
    double p = EstimatorBench.sigmoid(bench.logits.get(2, 0));
    assertThat(gradient[2][0]).isCloseTo(2.0 / 3 * (1 - p), Offset.offset(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"0", "0.01"})
  void penaltiesActOnTheProbabilityAndTheTaskNotThroughTheMask(float clamp) {
    EstimatorBench bench = bench(Baseline.LEAVE_ONE_OUT, clamp);
    bench.decide();
    bench.endBatch(2, 2, 2);
    float[][] admitted = {{5, -3}, {2, 2}, {1, 9}};
    double[][] softGrad = {{1, 2}, {-1, 0.5}, {3, 0}};
    double[][] gradient = bench.gradients(false, admitted, softGrad);
    double[][] scaled = bench.gradients(true, admitted, softGrad);
    for (int row = 0; row < ROWS; row++) {
      for (int gate = 0; gate < GATES; gate++) {
        double sigmoid = EstimatorBench.sigmoid(bench.logits.get(row, gate));
        double slope = (1 - 2 * clamp) * sigmoid * (1 - sigmoid);
        double passed = bench.open[row][gate] ? admitted[row][gate] : 0;
        assertThat(gradient[row][gate]).isCloseTo(softGrad[row][gate] * slope, Offset.offset(1e-6));
        assertThat(scaled[row][gate])
            .isCloseTo((softGrad[row][gate] + passed) * slope, Offset.offset(1e-6));
      }
    }
  }
}
