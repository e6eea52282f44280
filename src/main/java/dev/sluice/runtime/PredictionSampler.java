package dev.sluice.runtime;

import dev.sluice.account.MacCounter;
import dev.sluice.account.jfr.FlightEvents;
import dev.sluice.account.jfr.RecordedPrediction;
import dev.sluice.model.ModelSpec;
import org.jspecify.annotations.Nullable;

/// Decides which of a predictor's answers are recorded: the first and every n-th after it. Counts by itself, as counting together with other threads'
/// predictors would make them wait for each other.
final class PredictionSampler {
  private final String architecture;
  private final long denseMacs;
  private final MacCounter macs;
  private int untilNext;

  PredictionSampler(ModelSpec spec) {
    this.architecture = spec.architecture();
    this.denseMacs = spec.denseMacs();
    this.macs = new MacCounter(spec.layers().size());
  }

  /// @return null if this answer is left out
  @Nullable RecordedPrediction begin() {
    int period = FlightEvents.predictionPeriod();
    // a period that was shortened counts from now on
    untilNext = Math.min(untilNext, period);
    if (--untilNext > 0) {
      return null;
    }
    untilNext = period;
    return FlightEvents.beginPrediction();
  }

  /// @param plan that gave the answer
  void end(RecordedPrediction prediction, Plan plan) {
    macs.reset();
    plan.count(macs);
    prediction.end(
        architecture, plan.stage(), macs.executedMacs(), macs.structuralMacs(), denseMacs);
  }
}
