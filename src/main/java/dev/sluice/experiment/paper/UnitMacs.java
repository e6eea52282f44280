package dev.sluice.experiment.paper;

import dev.sluice.account.MacFormulas;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.runtime.GateHealth;
import java.util.List;

/// MACs as papers on gated units count them: a closed unit costs nothing, though the runtime computes whole blocks. Gates and light paths are
/// counted, and with the mean share of open gates `a_l`, a layer costs
///
/// ```
/// r·in·a_l·units + gate + light        r: 1 if the layer before is dense or has a light path, else its a
/// ```
final class UnitMacs {
  private UnitMacs() {}

  /// Over those of the network's own dense twin; NaN for networks of several stages.
  static double relative(Measured net) {
    ModelSpec spec = net.model().spec();
    if (spec.isStaged()) {
      return Double.NaN;
    }
    double macs = 0;
    double read = 1;
    for (int index = 0; index < spec.layers().size(); index++) {
      LayerSpec layer = spec.layers().get(index);
      double open = openShare(index, net.score().gates());
      macs += read * open * MacFormulas.product(layer.units(), spec.layerInputs(index));
      boolean readsLight =
          layer instanceof LayerSpec.Gated gated && gated.gate().form().readsLight();
      macs += chain(spec.chain(index, Chain.GATE), readsLight ? 1 : read);
      macs += chain(spec.chain(index, Chain.LIGHT), read);
      boolean isMasked = layer instanceof LayerSpec.Gated gated && gated.lightRank() == 0;
      read = isMasked ? open : 1;
    }
    return macs / spec.denseMacs();
  }

  /// @param read share of its inputs that the first product reads
  private static double chain(List<ProjectionSpec> products, double read) {
    double macs = 0;
    for (int index = 0; index < products.size(); index++) {
      ProjectionSpec product = products.get(index);
      double all = MacFormulas.product(product.units(), product.inputs());
      macs += index == 0 ? read * all : all;
    }
    return macs;
  }

  private static double openShare(int index, GateHealth gates) {
    return gates.layers().stream()
        .filter(layer -> layer.layer() == index)
        .flatMapToDouble(layer -> layer.usage().stream().mapToDouble(Double::doubleValue))
        .average()
        .orElse(1);
  }
}
