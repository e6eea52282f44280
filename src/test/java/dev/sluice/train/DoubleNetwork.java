package dev.sluice.train;

import dev.sluice.gate.Granularity;
import dev.sluice.gate.SwitchRule;
import dev.sluice.kernel.Activation;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.special.Erf;

/// A network in plain double arithmetic whose masks are real numbers: what gradients are checked against by finite differences.
final class DoubleNetwork {
  /// One product: `w[unit][input]`, `b[unit]`.
  static final class Product {
    final double[][] w;
    final double[] b;
    final boolean hasBias;
    final Activation activation;

    Product(Projection projection) {
      int units = projection.spec().units();
      int inputs = projection.spec().inputs();
      w = new double[units][inputs];
      b = new double[units];
      hasBias = projection.spec().hasBias();
      activation = projection.spec().activation();
      for (int unit = 0; unit < units; unit++) {
        b[unit] = projection.bias().getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, unit);
        for (int input = 0; input < inputs; input++) {
          w[unit][input] = projection.weights().get(unit, input);
        }
      }
    }

    double[] apply(double[] x) {
      double[] y = affine(x);
      for (int unit = 0; unit < y.length; unit++) {
        y[unit] = activate(activation, y[unit]);
      }
      return y;
    }

    double[] affine(double[] x) {
      double[] y = new double[w.length];
      for (int unit = 0; unit < w.length; unit++) {
        double sum = b[unit];
        for (int input = 0; input < w[unit].length; input++) {
          sum += w[unit][input] * x[input];
        }
        y[unit] = sum;
      }
      return y;
    }
  }

  final ModelSpec spec;
  final List<Product> layers = new ArrayList<>();
  final List<List<Product>> gates = new ArrayList<>();
  final List<List<Product>> haltingUnits = new ArrayList<>();
  final List<List<Product>> lights = new ArrayList<>();

  /// Of the last [#forward]: values before the mask and gate logits, `[layer][unit or gate]`.
  double[][] hidden;

  double[][] logits;

  /// Likewise the outputs of layers, `[layer][unit]`, and the logits of halting units, `[stage]`.
  double[][] outputs;

  double[] halts;

  DoubleNetwork(ModelSpec spec, Weights weights) {
    this.spec = spec;
    for (LayerWeights layer : weights.layers()) {
      layers.add(new Product(layer.projection()));
      gates.add(layer.gate().stream().map(Product::new).toList());
      haltingUnits.add(layer.chain(Chain.HALT).stream().map(Product::new).toList());
      lights.add(layer.chain(Chain.LIGHT).stream().map(Product::new).toList());
    }
  }

  List<Product> products() {
    List<Product> products = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      products.add(layers.get(layer));
      products.addAll(gates.get(layer));
      products.addAll(lights.get(layer));
      products.addAll(haltingUnits.get(layer));
    }
    return products;
  }

  /// One row.
  ///
  /// @param masks `[layer][gate]`, ignored for dense layers
  /// @param factors `[layer][unit]` of dropout, null for none
  double[] forward(double[] x, double[][] masks, double[][] factors) {
    hidden = new double[layers.size()][];
    logits = new double[layers.size()][];
    outputs = new double[layers.size()][];
    halts = new double[spec.stages().size()];
    for (int layer = 0; layer < layers.size(); layer++) {
      double[] values = read(layer, x);
      List<Product> light = lights.get(layer);
      double[] rank = light.isEmpty() ? values : light.getFirst().apply(values);
      double[] closed = light.isEmpty() ? null : light.getLast().apply(rank);
      boolean readsLight =
          spec.layers().get(layer) instanceof LayerSpec.Gated gated
              && gated.gate().form().readsLight();
      double[] logit = readsLight ? rank : values;
      for (Product product : gates.get(layer)) {
        logit = product.apply(logit);
      }
      logits[layer] = logit;
      double[] z = layers.get(layer).affine(values);
      double[] y = new double[z.length];
      hidden[layer] = new double[z.length];
      for (int unit = 0; unit < y.length; unit++) {
        double share =
            spec.layers().get(layer) instanceof LayerSpec.Gated gated
                ? share(gated, masks[layer], logit, unit)
                : 1;
        Activation activation = layers.get(layer).activation;
        hidden[layer][unit] = activate(activation, z[unit]);
        y[unit] =
            closed == null
                ? hidden[layer][unit] * share
                : activate(activation, share * z[unit] + (1 - share) * closed[unit]);
        if (factors != null && factors[layer] != null) {
          y[unit] *= factors[layer][unit];
        }
      }
      outputs[layer] = y;
      if (!haltingUnits.get(layer).isEmpty()) {
        halts[spec.stageOf(layer)] = haltingUnits.get(layer).getFirst().apply(values)[0];
      }
    }
    return outputs[layers.size() - 1];
  }

  private double[] read(int layer, double[] x) {
    List<Integer> sources = spec.sources(layer);
    if (sources.isEmpty()) {
      int[] selected = spec.stages().get(spec.stageOf(layer)).features().indices(x.length);
      return Arrays.stream(selected).mapToDouble(feature -> x[feature]).toArray();
    }
    return sources.stream()
        .flatMapToDouble(
            source -> Arrays.stream(stopped(layer, source) ? frozen[source] : outputs[source]))
        .toArray();
  }

  /// Outputs of layers whose gradients stop where another stage reads them, null if they flow.
  double[][] frozen;

  private boolean stopped(int reader, int source) {
    return frozen != null && spec.stageOf(reader) != spec.stageOf(source);
  }

  /// Of the last [#forward], answers of stages, or their mixture if `steps` stages of `N` run before halting.
  ///
  /// @param steps N − 1
  double[] mixture(int steps) {
    double[] mixed = new double[spec.outputs()];
    double rest = 1;
    for (int stage = 0; stage <= steps; stage++) {
      double share = stage == steps ? rest : 1 / (1 + Math.exp(-halts[stage]));
      rest -= share;
      for (int output = 0; output < mixed.length; output++) {
        mixed[output] += share * outputs[spec.head(stage)][output];
      }
    }
    return mixed;
  }

  /// `R` of the same.
  double remainder(int steps) {
    double rest = 1;
    for (int stage = 0; stage < steps; stage++) {
      rest -= 1 / (1 + Math.exp(-halts[stage]));
    }
    return rest;
  }

  /// Mask, times `σ(z/T)` where the layer scales.
  private static double share(LayerSpec.Gated layer, double[] masks, double[] logits, int unit) {
    int gate = gateOf(layer, unit);
    double weight = layer.gate().scalesOutput() ? weight(layer, logits, gate) : 1;
    return masks[gate] * weight;
  }

  private static double weight(LayerSpec.Gated layer, double[] logits, int gate) {
    if (layer.gate().rule() instanceof SwitchRule) {
      return Math.exp(logits[gate]) / Arrays.stream(logits).map(Math::exp).sum();
    }
    return soft(layer, logits[gate]);
  }

  /// `σ(z/T)` of rules with a temperature.
  static double soft(LayerSpec.Gated layer, double logit) {
    float temperature = (Float) layer.gate().rule().parameters().get("temperature");
    return 1 / (1 + Math.exp(-logit / temperature));
  }

  static int gateOf(LayerSpec.Gated layer, int unit) {
    return layer.gate().granularity() == Granularity.UNIT
        ? unit
        : unit / (layer.blockSize() * layer.gate().blocksPerGate());
  }

  static double activate(Activation activation, double z) {
    return switch (activation) {
      case RELU -> Math.max(0, z);
      case GELU -> z * 0.5 * (1 + Erf.erf(z / Math.sqrt(2)));
      case TANH -> Math.tanh(z);
      case IDENTITY -> z;
    };
  }

  /// −log softmax.
  static double crossEntropy(double[] z, int label) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : z) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : z) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum) - z[label];
  }
}
