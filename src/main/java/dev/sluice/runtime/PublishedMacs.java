package dev.sluice.runtime;

import dev.sluice.account.MacFormulas;
import dev.sluice.model.ModelSpec;
import java.util.List;

/// Relative MACs as publications on DynamicGate-MLP compute them, for translation only: they disagree with each other, count no gate, and are
/// relative to the network's own dense twin: [MacFormulas#bothSided], [MacFormulas#inputSided], [MacFormulas#lastLayerSided].
///
/// NaN for networks of several stages, which the formulas do not know.
public record PublishedMacs(double bothSided, double inputSided, double lastLayerSided) {
  /// @param openShares mean share of each layer's gates that are open, see [GateHealth#openShares]
  public static PublishedMacs of(ModelSpec spec, List<Double> openShares) {
    if (spec.isStaged()) {
      return new PublishedMacs(Double.NaN, Double.NaN, Double.NaN);
    }
    long[] denseMacs = new long[spec.layers().size()];
    for (int layer = 0; layer < denseMacs.length; layer++) {
      long units = spec.layers().get(layer).units();
      denseMacs[layer] = MacFormulas.product(units, spec.layerInputs(layer));
    }
    double[] open = openShares.stream().mapToDouble(Double::doubleValue).toArray();
    return new PublishedMacs(
        MacFormulas.bothSided(denseMacs, open),
        MacFormulas.inputSided(denseMacs, open),
        MacFormulas.lastLayerSided(denseMacs, open));
  }
}
