package dev.sluice.benchmark;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.gate.Granularity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.Projection;
import dev.sluice.runtime.Predictor;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.special.Erf;

/// The network by the textbook, in double precision and plain loops over rows of weights: what every answer is compared with.
///
/// Gates are computed too, but a logit within rounding errors of its threshold may fall to either side; there the decision of the
/// predictor under test is taken over.
final class ReferenceNetwork {
  /// Of the largest logit: some hundred times what f32 sums of 3072 products are off by.
  private static final double UNDECIDED = 1e-4;

  /// @param weights (units, inputs)
  private record Product(double[][] weights, double[] bias, Activation activation) {
    double[] apply(double[] x) {
      double[] y = new double[bias.length];
      for (int unit = 0; unit < y.length; unit++) {
        double sum = 0;
        for (int input = 0; input < weights[unit].length; input++) {
          sum += weights[unit][input] * x[input];
        }
        y[unit] = activate(activation, sum + bias[unit]);
      }
      return y;
    }
  }

  private record Layer(LayerSpec spec, Product product, List<Product> gate) {}

  private final List<Layer> layers = new ArrayList<>();

  ReferenceNetwork(Model model) {
    for (int index = 0; index < model.spec().layers().size(); index++) {
      LayerWeights weights = model.weights().layers().get(index);
      List<Product> gate = weights.gate().stream().map(ReferenceNetwork::product).toList();
      layers.add(new Layer(model.spec().layers().get(index), product(weights.projection()), gate));
    }
  }

  private static Product product(Projection projection) {
    int units = projection.spec().units();
    int inputs = projection.spec().inputs();
    double[][] weights = new double[units][inputs];
    double[] bias = new double[units];
    for (int unit = 0; unit < units; unit++) {
      for (int input = 0; input < inputs; input++) {
        weights[unit][input] = projection.weights().get(unit, input);
      }
      bias[unit] = projection.bias().get(FLOAT, (long) unit * Float.BYTES);
    }
    return new Product(weights, bias, projection.spec().activation());
  }

  /// The last layer's values before softmax or sigmoid.
  ///
  /// @param predictor has answered the same row
  double[] answer(float[] row, Predictor predictor) {
    double[] x = widened(row);
    for (int index = 0; index < layers.size(); index++) {
      Layer layer = layers.get(index);
      double[] y = layer.product.apply(x);
      if (layer.spec instanceof LayerSpec.Gated gated) {
        boolean[] open = openGates(predictor.openGates(index), gated.gates());
        requireSameDecisions(gated, layer.gate, x, open);
        boolean isPerUnit = gated.gate().granularity() == Granularity.UNIT;
        close(y, open, isPerUnit ? 1 : gated.blockSize());
      }
      x = y;
    }
    return x;
  }

  /// Whether some gate's logit lies within rounding errors of its threshold, so that sums in another order may decide otherwise.
  boolean isUndecided(float[] row) {
    double[] x = widened(row);
    for (Layer layer : layers) {
      double[] y = layer.product.apply(x);
      if (layer.spec instanceof LayerSpec.Gated gated) {
        double[] logits = logits(layer.gate, x);
        double threshold = rule(gated).decisionLogit();
        double tie = UNDECIDED * largest(logits);
        boolean[] open = new boolean[logits.length];
        for (int index = 0; index < logits.length; index++) {
          if (Math.abs(logits[index] - threshold) <= tie) {
            return true;
          }
          open[index] = logits[index] > threshold;
        }
        close(y, open, gated.gate().granularity() == Granularity.UNIT ? 1 : gated.blockSize());
      }
      x = y;
    }
    return false;
  }

  private static double[] widened(float[] row) {
    double[] x = new double[row.length];
    for (int index = 0; index < row.length; index++) {
      x[index] = row[index];
    }
    return x;
  }

  private static double[] logits(List<Product> gate, double[] x) {
    double[] logits = x;
    for (Product product : gate) {
      logits = product.apply(logits);
    }
    return logits;
  }

  /// At least 1.
  private static double largest(double[] logits) {
    double largest = 1;
    for (double logit : logits) {
      largest = Math.max(largest, Math.abs(logit));
    }
    return largest;
  }

  private static boolean[] openGates(ActiveSet set, int gates) {
    boolean[] open = new boolean[gates];
    for (int position = 0; position < set.count(); position++) {
      open[set.index(position)] = true;
    }
    return open;
  }

  private static ThresholdRule rule(LayerSpec.Gated layer) {
    return (ThresholdRule) layer.gate().rule();
  }

  private static void requireSameDecisions(
      LayerSpec.Gated layer, List<Product> gate, double[] x, boolean[] open) {
    double[] logits = logits(gate, x);
    double threshold = rule(layer).decisionLogit();
    double largest = largest(logits);
    int passing = 0;
    for (double logit : logits) {
      passing += logit > threshold ? 1 : 0;
    }
    if (passing < rule(layer).minimumOpen()) {
      return;
    }
    for (int index = 0; index < logits.length; index++) {
      boolean isDecided = Math.abs(logits[index] - threshold) > UNDECIDED * largest;
      if (isDecided) {
        Agreement.requireEqual(
            "gate " + index + " open", logits[index] > threshold ? 1 : 0, open[index] ? 1 : 0);
      }
    }
  }

  private static void close(double[] y, boolean[] open, int unitsPerGate) {
    for (int unit = 0; unit < y.length; unit++) {
      if (!open[unit / unitsPerGate]) {
        y[unit] = 0;
      }
    }
  }

  private static double activate(Activation activation, double z) {
    return switch (activation) {
      case RELU -> Math.max(0, z);
      case GELU -> z * 0.5 * (1 + Erf.erf(z / Math.sqrt(2)));
      case TANH -> Math.tanh(z);
      case IDENTITY -> z;
    };
  }
}
