package dev.sluice.experiment.paper;

import dev.sluice.data.Dataset;
import dev.sluice.experiment.Score;
import dev.sluice.gate.SwitchRule;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// What the capacity of a [SwitchRule] would drop if rows were answered in batches. At run time nothing is: this is the figure beside it. A dropped
/// row gets the answer of a network whose experts are silent, the head's biases. Both NaN where the layer before the head is none of a switch.
///
/// @param share of rows that are dropped
/// @param accuracy over all rows
record CapacityDrops(double share, double accuracy) {
  private static final CapacityDrops NONE = new CapacityDrops(Double.NaN, Double.NaN);

  /// Of test rows in their order, in batches of the size trained with.
  static CapacityDrops of(Measured net) {
    return of(net.model(), net.test(), net.batchRows());
  }

  static CapacityDrops of(Model model, Dataset rows, int batchRows) {
    int last = model.spec().layers().size() - 2;
    return last >= 0
            && !model.spec().isStaged()
            && model.spec().layers().get(last) instanceof LayerSpec.Gated gated
            && gated.gate().rule() instanceof SwitchRule rule
        ? of(model, last, rule.capacity(), gated.gates(), rows, batchRows)
        : NONE;
  }

  private static CapacityDrops of(
      Model model, int layer, float capacity, int experts, Dataset rows, int batchRows) {
    float[] silent = headBias(model);
    float[] features = new float[rows.features()];
    float[] logits = new float[model.spec().outputs()];
    int[] taken = new int[experts];
    int room = 0;
    int dropped = 0;
    int right = 0;
    try (Predictor predictor = Predictor.of(model)) {
      for (int row = 0; row < rows.rows(); row++) {
        if (row % batchRows == 0) {
          Arrays.fill(taken, 0);
          // in single precision, as the rule counts
          room = (int) Math.ceil(capacity * Math.min(batchRows, rows.rows() - row) / experts);
        }
        rows.copyFeatures(row, MemorySegment.ofArray(features), 0);
        predictor.logits(features, logits);
        boolean isDropped = ++taken[predictor.openGates(layer).index(0)] > room;
        dropped += isDropped ? 1 : 0;
        right += Score.isRight(isDropped ? silent : logits, rows.label(row)) ? 1 : 0;
      }
    }
    return new CapacityDrops((double) dropped / rows.rows(), (double) right / rows.rows());
  }

  private static float[] headBias(Model model) {
    float[] bias = new float[model.spec().outputs()];
    MemorySegment stored = model.weights().layers().getLast().projection().bias();
    MemorySegment.copy(stored, ValueLayout.JAVA_FLOAT, 0, bias, 0, bias.length);
    return bias;
  }
}
