package dev.sluice.audit;

import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// Times a network, its dense twin and the network under a clock in turn, on the same rows: what disturbs the machine for a while disturbs all of them.
final class TimeMeasurement {
  private static final int ROUNDS = 21;
  private static final int UNTIMED_ROUNDS = 5;

  /// Rows are repeated up to this many predictions a round.
  private static final int FEWEST_PREDICTIONS = 500;

  private final float[][] rows;
  private final int repeats;

  TimeMeasurement(float[][] rows) {
    this.rows = rows;
    this.repeats = Math.ceilDiv(FEWEST_PREDICTIONS, rows.length);
  }

  TimeBooks measure(Model model, Kernels kernels, double promisedSpeedUp) {
    PartClock clock = new PartClock(model);
    try (Model dense = DenseTwin.of(model);
        Predictor plain = warm(model, kernels);
        Predictor twin = warm(dense, kernels);
        Predictor clocked = warm(model, new TimedKernels(kernels, clock))) {
      double[] plainNanos = new double[ROUNDS];
      double[] twinNanos = new double[ROUNDS];
      double[][] partNanos = new double[TimePart.values().length][ROUNDS];
      PartClock.Overhead overhead = clock.overhead();
      for (int round = -UNTIMED_ROUNDS; round < ROUNDS; round++) {
        int index = Math.max(0, round);
        plainNanos[index] = time(plain);
        twinNanos[index] = time(twin);
        timeParts(clocked, clock, overhead, partNanos, index);
      }
      Map<TimePart, Double> parts = new EnumMap<>(TimePart.class);
      for (TimePart part : TimePart.values()) {
        parts.put(part, median(partNanos[part.ordinal()]));
      }
      return new TimeBooks(median(plainNanos), median(twinNanos), promisedSpeedUp, parts);
    }
  }

  private static Predictor warm(Model model, Kernels kernels) {
    Predictor predictor = Predictor.of(model, FeatureCheck.NONE, kernels);
    predictor.warmUp();
    return predictor;
  }

  private void timeParts(
      Predictor clocked,
      PartClock clock,
      PartClock.Overhead overhead,
      double[][] partNanos,
      int round) {
    clock.reset();
    double whole = time(clocked);
    double perRow = (double) rows.length * repeats;
    double rest = whole - clock.calls() * overhead.totalNanos() / perRow;
    for (TimePart part : TimePart.values()) {
      if (part != TimePart.ROUTING_AND_CALLS) {
        double own = clock.nanos(part) - clock.calls(part) * overhead.insideNanos();
        partNanos[part.ordinal()][round] = Math.max(0, own / perRow);
        rest -= partNanos[part.ordinal()][round];
      }
    }
    partNanos[TimePart.ROUTING_AND_CALLS.ordinal()][round] = Math.max(0, rest);
  }

  /// Mean over all rows.
  private double time(Predictor predictor) {
    float[] answer = new float[predictor.outputs()];
    long start = System.nanoTime();
    for (int repeat = 0; repeat < repeats; repeat++) {
      for (float[] row : rows) {
        predictor.predict(row, answer);
      }
    }
    return (double) (System.nanoTime() - start) / ((long) rows.length * repeats);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
