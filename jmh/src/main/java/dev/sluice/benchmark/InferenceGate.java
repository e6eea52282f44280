package dev.sluice.benchmark;

import dev.sluice.model.Model;
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

  private final Model model;
  private final Requests requests;
  private final Predictor predictor;
  private final int rowsOfBatch;
  private final int rows;

  private InferenceGate(Model model, Requests requests) {
    this.model = model;
    this.requests = requests;
    this.predictor = Predictor.of(model);
    this.rowsOfBatch = requests.get(0).length / model.spec().inputs();
    this.rows = requests.count() * rowsOfBatch;
  }

  /// @param sameBits whether the peer must answer bit for bit as the predictor does
  static void require(Model model, Requests requests, Peer peer, boolean sameBits) {
    InferenceGate gate = new InferenceGate(model, requests);
    gate.requireReference();
    gate.requirePeer(peer, sameBits);
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

  private void requirePeer(Peer peer, boolean sameBits) {
    float[][] expected = answers();
    double[][] wide = new double[rows][];
    Arrays.setAll(wide, index -> widened(expected[index]));
    double allowed = TOLERANCE * largest(wide);
    for (int batch = 0; batch < requests.count(); batch++) {
      float[] answers = peer.answer(requests.get(batch));
      for (int inBatch = 0; inBatch < rowsOfBatch; inBatch++) {
        int index = batch * rowsOfBatch + inBatch;
        float[] actual = slice(answers, inBatch, expected[index].length);
        if (sameBits) {
          Agreement.requireSameBits("peer row=" + index, expected[index], actual);
        } else {
          Agreement.requireClose("peer row=" + index, wide[index], actual, allowed);
        }
      }
    }
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
