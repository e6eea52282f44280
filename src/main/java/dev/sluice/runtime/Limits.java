package dev.sluice.runtime;

import dev.sluice.model.ExitSpec;
import dev.sluice.model.ModelSpec;
import java.util.Arrays;

/// What a [Budget] comes down to for one network.
///
/// @param thresholds of confidence, by stage; without meaning where a stage has no such exit
/// @param gateShift added to the logits of gates that read their row
/// @param mostGates that may open, by layer
/// @param lastStage where every row that got there stops
record Limits(float[] thresholds, float gateShift, int[] mostGates, int lastStage) {
  /// What the blueprint says.
  static Limits none(ModelSpec spec) {
    int[] mostGates = new int[spec.layers().size()];
    Arrays.fill(mostGates, Integer.MAX_VALUE);
    float[] thresholds = new float[spec.stages().size()];
    for (int stage = 0; stage < thresholds.length; stage++) {
      if (spec.stages().get(stage).exit() instanceof ExitSpec.Confidence confidence) {
        thresholds[stage] = confidence.threshold();
      }
    }
    return new Limits(thresholds, 0, mostGates, spec.stages().size() - 1);
  }

  /// A setting of a dial.
  static Limits of(ModelSpec spec, Dial.Setting setting) {
    Dial.requireFits(setting, spec);
    Limits none = none(spec);
    for (int stage = 0; stage < setting.exitThresholds().size(); stage++) {
      none.thresholds[stage] = setting.exitThresholds().get(stage);
    }
    return new Limits(none.thresholds, setting.gateShift(), none.mostGates, none.lastStage);
  }

  /// The most that no row exceeds `mostMacs` with, see [WorstCase].
  ///
  /// @param mostOpen of each layer's gates, while nothing limits them
  static Limits of(ModelSpec spec, int[] mostOpen, long mostMacs) {
    WorstCase fitting = WorstCase.within(spec, mostOpen, mostMacs);
    return new Limits(none(spec).thresholds, 0, fitting.mostGates(), fitting.lastStage());
  }
}
