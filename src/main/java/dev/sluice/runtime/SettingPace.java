package dev.sluice.runtime;

import dev.sluice.model.ModelSpec;
import java.util.SplittableRandom;

/// What a MAC takes at a predictor's present setting: made-up rows, dense and sparse, are answered until their time is used up. Of several rounds
/// the quickest counts, as whatever disturbs a round makes it longer.
final class SettingPace {
  private static final int ROWS = 32;
  private static final int ROUNDS = 5;
  private static final long WARM_NANOS = 5_000_000;
  private static final long ROUND_NANOS = 1_000_000;

  private SettingPace() {}

  static double nanosPerMac(Predictor predictor) {
    ModelSpec spec = predictor.spec();
    float[][] rows = new float[ROWS][];
    for (int row = 0; row < ROWS; row++) {
      rows[row] = row(spec.inputs(), row);
    }
    float[] out = new float[spec.outputs()];
    long macs = 0;
    for (float[] row : rows) {
      predictor.predict(row, out);
      macs += predictor.macs().structuralMacs();
    }
    return nanos(
            () -> {
              for (float[] row : rows) {
                predictor.predict(row, out);
              }
            })
        / macs;
  }

  static double nanosPerMac(BatchPredictor predictor) {
    ModelSpec spec = predictor.spec();
    int rows = predictor.maximumRows();
    float[] in = new float[Math.multiplyExact(rows, spec.inputs())];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(row(spec.inputs(), row), 0, in, row * spec.inputs(), spec.inputs());
    }
    float[] out = new float[rows * spec.outputs()];
    predictor.predict(in, rows, out);
    long macs = predictor.structuralMacs().structuralMacs();
    return nanos(() -> predictor.predict(in, rows, out)) / macs;
  }

  private static float[] row(int inputs, int row) {
    SplittableRandom random = new SplittableRandom(row);
    float[] features = new float[inputs];
    for (int index = 0; index < inputs; index++) {
      boolean isZero = row % 2 == 1 && random.nextInt(4) > 0;
      features[index] = isZero ? 0 : (float) random.nextDouble();
    }
    return features;
  }

  private static double nanos(Runnable pass) {
    roundNanos(pass, WARM_NANOS);
    double quickest = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      quickest = Math.min(quickest, roundNanos(pass, ROUND_NANOS));
    }
    return quickest;
  }

  /// Per pass.
  private static double roundNanos(Runnable pass, long leastNanos) {
    long start = System.nanoTime();
    long elapsedNanos;
    int passes = 0;
    do {
      pass.run();
      passes++;
      elapsedNanos = System.nanoTime() - start;
    } while (elapsedNanos < leastNanos);
    return (double) elapsedNanos / passes;
  }
}
