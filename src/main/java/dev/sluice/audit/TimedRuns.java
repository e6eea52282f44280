package dev.sluice.audit;

import dev.sluice.model.Model;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.PartialPredictor;
import dev.sluice.runtime.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One network on the same rows again and again: as it is, and stopping after none, one, … all of its steps.
final class TimedRuns implements AutoCloseable {
  /// Long beside the resolution of the clock, short beside a turn that another program gets on the core: most samples have none in them.
  private static final double SAMPLE_NANOS = 1e6;

  /// Before each sample: weights of a step that the sample before did not have come into the caches.
  private static final int UNTIMED_ROWS = 30;

  /// What disturbs a sample makes it longer, on a busy machine more than every other one; of rounds in ascending order the one after the first eighth was hardly disturbed, and is not the
  /// luckiest.
  private static final int UNDISTURBED = 8;

  private final float[][] rows;
  private final int layers;
  private final Predictor plain;
  private final PartialPredictor partial;
  private final float[] answer;

  /// How often all rows are answered in one sample: of the partial predictor after so many steps, and last of the plain one.
  private final int[] passes;

  private final List<double[]> rounds = new ArrayList<>();

  TimedRuns(Model model, AuditSettings settings, float[][] rows) {
    this.rows = rows;
    this.layers = model.spec().layers().size();
    this.plain =
        Predictor.of(model, FeatureCheck.NONE, settings.kernels(), settings.zeroSkipping());
    plain.budget(settings.budget());
    plain.warmUp();
    this.partial =
        PartialPredictor.of(model, settings.kernels(), settings.zeroSkipping(), settings.budget());
    partial.warmUp();
    this.answer = new float[plain.outputs()];
    this.passes = new int[partial.steps().size() + 2];
    Arrays.fill(passes, 1);
  }

  /// All samples once, none of them kept; the best pace found so far decides on the next ones' length.
  void runUp() {
    double[] nanos = round();
    for (int index = 0; index < nanos.length; index++) {
      int enough = (int) Math.ceil(SAMPLE_NANOS / (nanos[index] * rows.length));
      passes[index] = Math.max(passes[index], enough);
    }
  }

  void runRound() {
    rounds.add(round());
  }

  /// Nanoseconds a row.
  private double[] round() {
    double[] nanos = new double[passes.length];
    int whole = passes.length - 1;
    for (int steps = 0; steps < whole; steps++) {
      partial.limit(steps);
      answerPartly(1, UNTIMED_ROWS);
      long start = System.nanoTime();
      answerPartly(passes[steps], rows.length);
      nanos[steps] = perRow(System.nanoTime() - start, passes[steps]);
    }
    answer(1, UNTIMED_ROWS);
    long start = System.nanoTime();
    answer(passes[whole], rows.length);
    nanos[whole] = perRow(System.nanoTime() - start, passes[whole]);
    return nanos;
  }

  private double perRow(long nanos, int count) {
    return (double) nanos / count / rows.length;
  }

  private void answerPartly(int count, int mostRows) {
    int few = Math.min(mostRows, rows.length);
    for (int pass = 0; pass < count; pass++) {
      for (int row = 0; row < few; row++) {
        partial.predict(rows[row], answer);
      }
    }
  }

  private void answer(int count, int mostRows) {
    int few = Math.min(mostRows, rows.length);
    for (int pass = 0; pass < count; pass++) {
      for (int row = 0; row < few; row++) {
        plain.predict(rows[row], answer);
      }
    }
  }

  /// Of the network as it is.
  double nanos() {
    return nanos(passes.length - 1);
  }

  TimeParts parts() {
    double[] firstNanos = new double[passes.length - 1];
    for (int steps = 0; steps < firstNanos.length; steps++) {
      firstNanos[steps] = nanos(steps);
    }
    return TimeParts.of(partial.steps(), firstNanos, layers);
  }

  /// An eighth of the rounds were quicker.
  private double nanos(int index) {
    double[] sorted = rounds.stream().mapToDouble(nanos -> nanos[index]).sorted().toArray();
    return sorted[sorted.length / UNDISTURBED];
  }

  @Override
  public void close() {
    plain.close();
    partial.close();
  }
}
