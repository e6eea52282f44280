package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.runtime.GateHealth;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.MemorySegment;

/// What a network's gates do over a dataset.
public final class GateSurvey {
  private GateSurvey() {}

  /// Asks `predictor` for every row of `dataset`; without classes the mutual information is 0.
  public static GateHealth of(Predictor predictor, Dataset dataset) {
    GateHealth.Builder health = GateHealth.builder(predictor.spec());
    float[] features = new float[dataset.features()];
    float[] outputs = new float[predictor.spec().outputs()];
    boolean hasLabels = dataset.classes() > 0 && dataset.labelled();
    for (int row = 0; row < dataset.rows(); row++) {
      dataset.copyFeatures(row, MemorySegment.ofArray(features), 0);
      predictor.logits(features, outputs);
      health.add(predictor, hasLabels ? dataset.label(row) : 0);
    }
    return health.build();
  }
}
