package dev.sluice.experiment;

import dev.sluice.account.MacFormulas;
import dev.sluice.model.ModelSpec;
import java.util.List;

/// Relative MACs as publications on DynamicGate-MLP compute them, for translation only: they disagree with each other, count no gate, and are
/// relative to the network's own dense twin. `a_l` is the mean share of open gates of layer `l`, `a_0 = 1`.
///
/// ```
/// bothSided    Σ_l (a_{l−1} in_l)(a_l out_l)        CIFAR-10, PBMC3k; the last a is 1
/// inputSided   Σ_l (a_{l−1} in_l) out_l             Speech Commands, MNIST
/// lastLayer    Σ_{l<L} in_l out_l + (a_{L−1} in_L) out_L     Tiny-ImageNet; the publication takes soft p for a
/// ```
///
/// NaN for networks of several stages, which the formulas do not know.
public record PublishedMacs(double bothSided, double inputSided, double lastLayer) {
  static PublishedMacs of(ModelSpec spec, List<Double> openShare) {
    if (spec.isStaged()) {
      return new PublishedMacs(Double.NaN, Double.NaN, Double.NaN);
    }
    double both = 0;
    double input = 0;
    double last = 0;
    double dense = 0;
    double before = 1;
    int layers = spec.layers().size();
    for (int layer = 0; layer < layers; layer++) {
      double macs = MacFormulas.product(spec.layers().get(layer).units(), spec.layerInputs(layer));
      dense += macs;
      both += before * openShare.get(layer) * macs;
      input += before * macs;
      last += layer == layers - 1 ? before * macs : macs;
      before = openShare.get(layer);
    }
    return new PublishedMacs(both / dense, input / dense, last / dense);
  }
}
