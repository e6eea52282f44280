package dev.sluice.benchmark;

import dev.sluice.model.Model;
import dev.sluice.runtime.GateStatistics;
import dev.sluice.runtime.Predictor;
import java.util.Arrays;
import java.util.Locale;

/// Proves a peer's answers before it is timed: Sluice's predictor against double precision on some rows, then the peer against
/// that predictor on all rows.
final class InferenceGate {
  /// Of a row's largest answer. Sums of at most 3072 f32 products in another order differ by about 1e-6 of it; one weight of one
  /// unit that is off by its own size, by about 1e-3.
  static final double TOLERANCE = 2e-5;

  private static final int REFERENCE_ROWS = 32;

  private final Model model;
  private final Requests requests;
  private final Predictor predictor;

  private InferenceGate(Model model, Requests requests) {
    this.model = model;
    this.requests = requests;
    this.predictor = Predictor.of(model);
  }

  /// @param sameBits whether the peer must answer bit for bit as the predictor does
  static void require(Model model, Requests requests, Peer peer, boolean sameBits) {
    InferenceGate gate = new InferenceGate(model, requests);
    gate.requireReference();
    gate.requirePeer(peer, sameBits);
  }

  private int rowsOfBatch() {
    return requests.get(0).length / model.spec().inputs();
  }

  private float[] row(int index) {
    float[] batch = requests.get(index / rowsOfBatch());
    int inputs = model.spec().inputs();
    int from = index % rowsOfBatch() * inputs;
    return Arrays.copyOfRange(batch, from, from + inputs);
  }

  private void requireReference() {
    ReferenceNetwork reference = new ReferenceNetwork(model);
    float[] logits = new float[model.spec().outputs()];
    int rows = Math.min(REFERENCE_ROWS, requests.count() * rowsOfBatch());
    for (int index = 0; index < rows; index++) {
      float[] row = row(index);
      predictor.logits(row, logits);
      double[] expected = reference.answer(row, predictor);
      Agreement.requireClose("predictor row=" + index, expected, logits, TOLERANCE);
    }
  }

  private void requirePeer(Peer peer, boolean sameBits) {
    GateStatistics statistics = new GateStatistics(model.spec());
    float[] expected = new float[model.spec().outputs()];
    long executed = 0;
    for (int batch = 0; batch < requests.count(); batch++) {
      float[] answers = peer.answer(requests.get(batch));
      for (int inBatch = 0; inBatch < rowsOfBatch(); inBatch++) {
        int index = batch * rowsOfBatch() + inBatch;
        predictor.predict(row(index), expected);
        statistics.add(predictor);
        executed += predictor.macs().executedMacs();
        int from = inBatch * expected.length;
        float[] actual = Arrays.copyOfRange(answers, from, from + expected.length);
        requireAgreement("peer row=" + index, expected, actual, sameBits);
      }
    }
    print(statistics, executed);
  }

  private static void requireAgreement(
      String what, float[] expected, float[] actual, boolean sameBits) {
    if (sameBits) {
      Agreement.requireSameBits(what, expected, actual);
      return;
    }
    double[] wide = new double[expected.length];
    for (int index = 0; index < wide.length; index++) {
      wide[index] = expected[index];
    }
    Agreement.requireClose(what, wide, actual, TOLERANCE);
  }

  private void print(GateStatistics statistics, long executed) {
    System.out.printf(
        Locale.ROOT,
        "# answers agree: net=%s, rows=%d, relativeMacs=%.4f, gateRatio=%.4f±%.4f%n",
        model.spec().architecture(),
        statistics.rows(),
        (double) executed / model.spec().denseMacs() / statistics.rows(),
        statistics.mean(),
        statistics.standardDeviation());
  }
}
