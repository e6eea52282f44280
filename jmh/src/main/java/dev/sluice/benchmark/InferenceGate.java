package dev.sluice.benchmark;

import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.GateStatistics;
import dev.sluice.runtime.Predictor;
import java.util.Arrays;
import java.util.Locale;

/// Proves a peer's answers before it is timed: Sluice's predictor against double precision on some rows, then the peer against
/// that predictor on all rows.
final class InferenceGate {
  /// Of the largest answer of all rows. Sums of at most 3072 f32 products in another order differ by about 1e-6 of it; one weight that
  /// is off by its own size, by about 1e-3.
  static final double TOLERANCE = 2e-5;

  private static final int REFERENCE_ROWS = 32;
  private static final double LARGEST_SHARE_OF_TIES = 0.01;

  private final Model model;
  private final Requests requests;
  private final Predictor predictor;
  private final int rowsOfBatch;
  private final int rows;

  private InferenceGate(Model model, Requests requests, Kernels kernels) {
    this.model = model;
    this.requests = requests;
    this.predictor = Predictor.of(model, FeatureCheck.NONE, kernels);
    this.rowsOfBatch = requests.get(0).length / model.spec().inputs();
    this.rows = requests.count() * rowsOfBatch;
  }

  /// How much a peer's answers may differ from the predictor's.
  enum Difference {
    NONE,
    ROUNDING,
    /// Rounding, and on few rows the blocks that a gate's tie opens.
    ROUNDING_AND_TIES
  }

  static void require(Model model, Requests requests, Peer peer, Difference allowed) {
    InferenceGate gate = new InferenceGate(model, requests, KernelProvider.kernels());
    gate.requireReference();
    gate.requirePeer(peer, allowed);
  }

  /// For weights that are not f32: the peer must answer as the scalar kernels do with the same weights. Prints how far that is from f32.
  static void requireScalarBits(Model wide, Model narrow, Requests requests, Peer peer) {
    InferenceGate gate = new InferenceGate(narrow, requests, KernelProvider.all().getFirst());
    gate.requirePeer(peer, Difference.NONE);
    gate.printDistance(wide);
  }

  private float[] row(int index) {
    int inputs = model.spec().inputs();
    return slice(requests.get(index / rowsOfBatch), index % rowsOfBatch, inputs);
  }

  private static float[] slice(float[] matrix, int row, int columns) {
    return Arrays.copyOfRange(matrix, row * columns, (row + 1) * columns);
  }

  private void requireReference() {
    ReferenceNetwork reference = new ReferenceNetwork(model);
    int count = Math.min(REFERENCE_ROWS, rows);
    double[][] expected = new double[count][];
    float[][] actual = new float[count][model.spec().outputs()];
    for (int index = 0; index < count; index++) {
      predictor.logits(row(index), actual[index]);
      expected[index] = reference.answer(row(index), predictor);
    }
    double allowed = TOLERANCE * largest(expected);
    for (int index = 0; index < count; index++) {
      Agreement.requireClose("predictor row=" + index, expected[index], actual[index], allowed);
    }
  }

  private void requirePeer(Peer peer, Difference allowed) {
    float[][] expected = answers();
    double[][] wide = new double[rows][];
    Arrays.setAll(wide, index -> widened(expected[index]));
    double tolerance = TOLERANCE * largest(wide);
    int ties = 0;
    for (int batch = 0; batch < requests.count(); batch++) {
      float[] answers = peer.answer(requests.get(batch));
      for (int inBatch = 0; inBatch < rowsOfBatch; inBatch++) {
        int index = batch * rowsOfBatch + inBatch;
        float[] actual = slice(answers, inBatch, expected[index].length);
        String what = "peer row=" + index;
        if (allowed == Difference.NONE) {
          Agreement.requireSameBits(what, expected[index], actual);
        } else if (allowed == Difference.ROUNDING_AND_TIES
            && isTie(index, wide, actual, tolerance)) {
          ties++;
        } else {
          Agreement.requireClose(what, wide[index], actual, tolerance);
        }
      }
    }
    requireFewTies(ties, allowed);
  }

  private boolean isTie(int index, double[][] expected, float[] actual, double tolerance) {
    return !Agreement.isClose(expected[index], actual, tolerance)
        && new ReferenceNetwork(model).isUndecided(row(index));
  }

  private void requireFewTies(int ties, Difference allowed) {
    if (allowed == Difference.ROUNDING_AND_TIES) {
      System.out.printf(Locale.ROOT, "# rows left out for a gate's tie=%d of %d%n", ties, rows);
    }
    if (ties > LARGEST_SHARE_OF_TIES * rows) {
      throw new IllegalStateException(
          "refusing to time, too many rows differ by a gate's tie: ties="
              + ties
              + ", rows="
              + rows);
    }
  }

  private void printDistance(Model wide) {
    double distance = 0;
    double largest = 0;
    float[] expected = new float[model.spec().outputs()];
    float[] actual = new float[model.spec().outputs()];
    try (Predictor wider = Predictor.of(wide)) {
      for (int index = 0; index < rows; index++) {
        wider.predict(row(index), expected);
        predictor.predict(row(index), actual);
        for (int output = 0; output < expected.length; output++) {
          distance = Math.max(distance, Math.abs(expected[output] - actual[output]));
          largest = Math.max(largest, Math.abs(expected[output]));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "# largest difference from f32, of the largest answer=%.2e%n",
        distance / largest);
  }

  /// The predictor's answers to all rows; prints what they executed.
  private float[][] answers() {
    GateStatistics statistics = new GateStatistics(model.spec());
    float[][] answers = new float[rows][model.spec().outputs()];
    long executed = 0;
    for (int index = 0; index < rows; index++) {
      predictor.predict(row(index), answers[index]);
      statistics.add(predictor);
      executed += predictor.macs().structuralMacs();
    }
    System.out.printf(
        Locale.ROOT,
        "# net=%s, rows=%d, relativeMacs=%.4f, gateRatio=%.4f±%.4f%n",
        model.spec().architecture(),
        rows,
        (double) executed / model.spec().denseMacs() / rows,
        statistics.mean(),
        statistics.standardDeviation());
    return answers;
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int index = 0; index < wide.length; index++) {
      wide[index] = values[index];
    }
    return wide;
  }

  private static double largest(double[][] values) {
    return Arrays.stream(values).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
  }
}
