package dev.sluice.experiment.paper;

import static dev.sluice.kernel.KernelProvider.kernels;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import dev.sluice.runtime.ZeroSkipping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/// The last hidden layer of a network of one stage: what the network without its head answers.
final class HiddenValues {
  private HiddenValues() {}

  /// Values of the units that gates leave open, 0 for the others, also where a light path gives them a value.
  ///
  /// @return (rows, units), row-major
  static float[] open(Model model, Dataset rows) {
    ModelSpec whole = model.spec();
    int last = whole.layers().size() - 2;
    LayerSpec layer = whole.layers().get(last);
    ModelSpec spec =
        ModelSpec.of(whole.inputs(), whole.layers().subList(0, last + 1), OutputForm.IDENTITY);
    Weights weights = new Weights(model.weights().layers().subList(0, last + 1));
    float[] values = new float[Math.multiplyExact(rows.rows(), layer.units())];
    float[] features = new float[rows.features()];
    float[] hidden = new float[layer.units()];
    // zeros are skipped alike on every machine, as in scores
    try (Model body = new Model(spec, weights, Map.of(), Arena.ofShared());
        Predictor predictor =
            Predictor.of(body, FeatureCheck.NONE, kernels(), ZeroSkipping.ALWAYS)) {
      for (int row = 0; row < rows.rows(); row++) {
        rows.copyFeatures(row, MemorySegment.ofArray(features), 0);
        predictor.logits(features, hidden);
        copyOpen(layer, predictor.openGates(last), hidden, values, row * layer.units());
      }
    }
    return values;
  }

  private static void copyOpen(
      LayerSpec layer, ActiveSet open, float[] hidden, float[] values, int offset) {
    int unitsPerGate = unitsPerGate(layer);
    for (int position = 0; position < open.count(); position++) {
      int from = open.index(position) * unitsPerGate;
      int count = Math.min(unitsPerGate, layer.units() - from);
      System.arraycopy(hidden, from, values, offset + from, count);
    }
  }

  /// Of a dense layer, whose blocks are all open, those of a block.
  private static int unitsPerGate(LayerSpec layer) {
    return switch (layer) {
      case LayerSpec.Dense dense -> dense.blockSize();
      case LayerSpec.Gated gated ->
          switch (gated.gate().granularity()) {
            case UNIT -> 1;
            case BLOCK -> gated.blockSize() * gated.gate().blocksPerGate();
          };
    };
  }
}
