package dev.sluice.train;

import dev.sluice.gate.GateRule;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;

/// Where weights start. Layers: normal with variance 2/in before ReLU and GELU (He et al. 2015), 2/(in + out) otherwise (Glorot & Bengio
/// 2010), biases 0; light paths likewise. Gates: as their form says, but for the last product of a rule that starts at 0, and the last bias as
/// the rule says. Halting units: weights 0.
final class Initializer {
  /// A quarter of a row stops per stage, so that early training reaches the late ones.
  private static final float HALTING_BIAS = -1;

  private Initializer() {}

  static void initialize(ModelSpec spec, TrainingOptions options, Weights weights) {
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      Projection projection = weights.layers().get(layer).projection();
      fillNormal(projection.weights(), key(options, layer, 0), deviation(projection.spec()));
      if (spec.layers().get(layer) instanceof LayerSpec.Gated gated) {
        initializeGate(gated, options, layer, weights);
        initializeLight(options, layer, weights);
      }
      for (Projection halt : weights.layers().get(layer).chain(Chain.HALT)) {
        halt.bias().set(AlignedMemory.FLOAT, 0, HALTING_BIAS);
      }
    }
  }

  private static double deviation(ProjectionSpec spec) {
    return spec.activation() == Activation.RELU || spec.activation() == Activation.GELU
        ? StrictMath.sqrt(2.0 / spec.inputs())
        : StrictMath.sqrt(2.0 / (spec.inputs() + spec.units()));
  }

  private static void initializeGate(
      LayerSpec.Gated layer, TrainingOptions options, int index, Weights weights) {
    GateOptions gates = options.gates();
    GateRule rule =
        layer
            .gate()
            .rule()
            .withSchedule((float) gates.temperature().start(), (float) gates.threshold().start());
    var products = weights.layers().get(index).gate();
    for (int product = 0; product < products.size(); product++) {
      Panels panels = products.get(product).weights();
      int inputs = panels.layout().inputs();
      boolean staysZero = rule.startsAtZero() && product == products.size() - 1;
      if (inputs > 0 && !staysZero) {
        double deviation = layer.gate().form().initialStandardDeviation(product, inputs);
        fillNormal(panels, key(options, index, product + 1), deviation);
      }
    }
    Projection last = products.getLast();
    for (int unit = 0; unit < last.spec().units(); unit++) {
      double logit = rule.initialLogit(unit / layer.gates(), gates.initialOpening());
      last.bias().set(AlignedMemory.FLOAT, (long) unit * Float.BYTES, (float) logit);
    }
  }

  private static void initializeLight(TrainingOptions options, int index, Weights weights) {
    var products = weights.layers().get(index).chain(Chain.LIGHT);
    for (int product = 0; product < products.size(); product++) {
      Projection projection = products.get(product);
      long key = key(options, index, -1 - product);
      fillNormal(projection.weights(), key, deviation(projection.spec()));
    }
  }

  private static long key(TrainingOptions options, int layer, int product) {
    return CounterRandom.key(options.seed(), CounterRandom.Stream.WEIGHTS, layer, product);
  }

  private static void fillNormal(Panels panels, long key, double deviation) {
    int inputs = panels.layout().inputs();
    for (int unit = 0; unit < panels.layout().units(); unit++) {
      for (int input = 0; input < inputs; input++) {
        double normal = CounterRandom.normal(key, (long) unit * inputs + input);
        panels.set(unit, input, (float) (deviation * normal));
      }
    }
  }
}
