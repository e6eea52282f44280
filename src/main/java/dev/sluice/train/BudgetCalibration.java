package dev.sluice.train;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.data.Dataset;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.util.ArrayList;
import java.util.List;

/// The last step to a budget: one offset, added to the last bias of all gates, moves the mean relative MACs on given rows onto it.
final class BudgetCalibration {
  private final Evaluator evaluator;
  private final Dataset rows;
  private final List<Projection> lastProducts = new ArrayList<>();
  private final List<float[]> trainedBiases = new ArrayList<>();

  BudgetCalibration(Evaluator evaluator, Dataset rows, Weights weights) {
    this.evaluator = evaluator;
    this.rows = rows;
    for (LayerWeights layer : weights.layers()) {
      if (!layer.gate().isEmpty()) {
        lastProducts.add(layer.gate().getLast());
        trainedBiases.add(biasOf(layer.gate().getLast()));
      }
    }
  }

  private static float[] biasOf(Projection projection) {
    float[] bias = new float[projection.spec().units()];
    for (int unit = 0; unit < bias.length; unit++) {
      bias[unit] = projection.bias().get(FLOAT, (long) unit * Float.BYTES);
    }
    return bias;
  }

  /// Changes the biases of the weights it was made for.
  ///
  /// @param scale of the logits: the temperature
  /// @return the offset
  double calibrate(double budget, double scale) {
    double best = BudgetSearch.closest(this::relativeMacs, budget, scale);
    apply(best);
    return best;
  }

  private double relativeMacs(double offset) {
    apply(offset);
    return evaluator.relativeMacs(rows);
  }

  private void apply(double offset) {
    for (int gate = 0; gate < lastProducts.size(); gate++) {
      float[] bias = trainedBiases.get(gate);
      for (int unit = 0; unit < bias.length; unit++) {
        float shifted = (float) (bias[unit] + offset);
        lastProducts.get(gate).bias().set(FLOAT, (long) unit * Float.BYTES, shifted);
      }
    }
  }
}
