package dev.sluice.experiment;

import static dev.sluice.kernel.KernelProvider.kernels;

import dev.sluice.data.Dataset;
import dev.sluice.data.Splits;
import dev.sluice.model.Model;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import dev.sluice.runtime.ZeroSkipping;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Times single predictions of networks in turn, on the same rows in one process: what disturbs the machine for a while disturbs all of
/// them. Means over rows, as an exit's easy rows alone would flatter it; the median over rounds, as a pause of the machine is nobody's.
final class LatencyMeasurement {
  private static final int ROWS = 500;
  private static final int ROUNDS = 21;
  private static final int UNTIMED_ROUNDS = 5;

  private final float[][] rows;

  /// @param data of which some rows are drawn, always the same
  LatencyMeasurement(Dataset data) {
    int[] order = Splits.permutation(data.rows(), 1);
    this.rows = new float[Math.min(ROWS, order.length)][data.features()];
    for (int row = 0; row < rows.length; row++) {
      data.copyFeatures(order[row], MemorySegment.ofArray(rows[row]), 0);
    }
  }

  Latencies measure(Model dense, Model equalMac, Model model, ZeroSkipping skipping) {
    List<Predictor> predictors =
        List.of(
            predictor(dense, skipping), predictor(equalMac, skipping), predictor(model, skipping));
    double[][] nanos = new double[predictors.size()][ROUNDS];
    for (int round = -UNTIMED_ROUNDS; round < ROUNDS; round++) {
      for (int turn = 0; turn < predictors.size(); turn++) {
        // nobody always runs after the same one
        int index = Math.floorMod(round + turn, predictors.size());
        nanos[index][Math.max(0, round)] = time(predictors.get(index));
      }
    }
    predictors.forEach(Predictor::close);
    return new Latencies(median(nanos[0]), median(nanos[1]), median(nanos[2]));
  }

  private static Predictor predictor(Model model, ZeroSkipping skipping) {
    Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels(), skipping);
    predictor.warmUp();
    return predictor;
  }

  /// Mean over all rows.
  private double time(Predictor predictor) {
    float[] answer = new float[predictor.outputs()];
    long start = System.nanoTime();
    for (float[] row : rows) {
      predictor.predict(row, answer);
    }
    return (double) (System.nanoTime() - start) / rows.length;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
