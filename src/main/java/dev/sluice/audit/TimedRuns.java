package dev.sluice.audit;

import dev.sluice.model.Model;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.PartialPredictor;
import dev.sluice.runtime.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One network on the same rows again and again: as it is, and stopping after none, one, … all of its steps.
final class TimedRuns implements AutoCloseable {
  private final float[][] rows;
  private final int layers;
  private final Predictor plain;
  private final PartialPredictor partial;
  private final float[] answer;

  /// Of the partial predictor after so many steps, and last of the plain one.
  private final List<Samples> samples = new ArrayList<>();

  TimedRuns(Model model, AuditSettings settings, float[][] rows) {
    this.rows = rows;
    this.layers = model.spec().layers().size();
    this.plain =
        Predictor.of(model, FeatureCheck.NONE, settings.kernels(), settings.zeroSkipping());
    plain.rehearse();
    plain.budget(settings.budget());
    plain.warmUp();
    this.partial =
        PartialPredictor.of(model, settings.kernels(), settings.zeroSkipping(), settings.budget());
    partial.warmUp();
    this.answer = new float[plain.outputs()];
    for (int steps = 0; steps <= partial.steps().size(); steps++) {
      samples.add(new Samples(this::answerPartly, rows.length, System::nanoTime));
    }
    samples.add(new Samples(this::answer, rows.length, System::nanoTime));
  }

  /// Nothing of it is kept; it decides how long samples are.
  void runUp() {
    run(true, Samples::runUp);
  }

  /// @param isForward from no steps to all and to the plain predictor, or the other way: what follows what may matter
  void runRound(boolean isForward) {
    run(isForward, Samples::runRound);
  }

  private void run(boolean isForward, Consumer<Samples> one) {
    int last = samples.size() - 1;
    for (int turn = 0; turn <= last; turn++) {
      int index = isForward ? turn : last - turn;
      if (index < last) {
        partial.limit(index);
      }
      one.accept(samples.get(index));
    }
  }

  private void answerPartly(int from, int to) {
    for (int row = from; row < to; row++) {
      partial.predict(rows[row], answer);
    }
  }

  private void answer(int from, int to) {
    for (int row = from; row < to; row++) {
      plain.predict(rows[row], answer);
    }
  }

  /// Of the network as it is.
  double nanos() {
    return samples.getLast().nanos();
  }

  /// The same by round.
  double[] roundNanos() {
    return samples.getLast().roundNanos();
  }

  TimeParts parts() {
    double[] firstNanos =
        samples.stream().limit(samples.size() - 1L).mapToDouble(Samples::nanos).toArray();
    return TimeParts.of(partial.steps(), firstNanos, layers);
  }

  @Override
  public void close() {
    plain.close();
    partial.close();
  }
}
