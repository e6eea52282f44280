package dev.sluice.experiment.paper;

import dev.sluice.account.MacFormulas;
import dev.sluice.gate.GateRule;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.GateHealth;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/// A layer of experts, each a group of blocks, and what is said of one: figures of the last gated layer, NaN for a network without one.
final class Experts {
  private Experts() {}

  /// With a linear router whose weights scale what experts say.
  ///
  /// @param units of all experts together
  /// @param blockSize the largest that a block may have
  static LayerSpec.Gated layer(
      int units, int experts, int blockSize, Activation activation, GateRule rule) {
    int unitsOfExpert = Math.ceilDiv(units, experts);
    int block = PanelLayout.fittingBlockSize(unitsOfExpert, blockSize);
    GateSpec gate =
        new GateSpec(
            new LinearGate(), Granularity.BLOCK, Math.ceilDiv(unitsOfExpert, block), rule, true);
    return new LayerSpec.Gated(units, block, activation, gate);
  }

  static double loadVariation(Measured net) {
    return last(net, GateHealth.Layer::loadVariation);
  }

  static double mostLoaded(Measured net) {
    return last(
        net,
        layer -> {
          double[] usage = layer.usage().stream().mapToDouble(Double::doubleValue).toArray();
          return Arrays.stream(usage).max().orElse(0) / Arrays.stream(usage).average().orElse(0);
        });
  }

  static double usageEntropy(Measured net) {
    return last(net, GateHealth.Layer::usageEntropyBits);
  }

  /// Of the set of open experts: the expert where one opens.
  static double labelInformation(Measured net) {
    return last(net, GateHealth.Layer::mutualInformationBits);
  }

  private static double last(Measured net, ToDoubleFunction<GateHealth.Layer> figure) {
    var layers = net.score().gates().layers();
    return layers.isEmpty() ? Double.NaN : figure.applyAsDouble(layers.getLast());
  }

  /// Of all routers, per row.
  static double routerMacs(Measured net) {
    ModelSpec spec = net.model().spec();
    long macs = 0;
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      for (var product : spec.gateProjections(layer)) {
        macs += MacFormulas.product(product.units(), product.inputs());
      }
    }
    return macs == 0 ? Double.NaN : macs;
  }
}
