package dev.sluice.train;

import dev.sluice.gate.Granularity;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.List;

/// The least that any row can cost, with as few and as small blocks open as the gates allow.
final class SmallestMacs {
  private final ModelSpec spec;
  private final StructuralPlasticity plasticity;

  SmallestMacs(ModelSpec spec) {
    this(spec, StructuralPlasticity.none());
  }

  /// With dead tiles spread evenly.
  SmallestMacs(ModelSpec spec, StructuralPlasticity plasticity) {
    this.spec = spec;
    this.plasticity = plasticity;
  }

  /// Relative MACs through all stages.
  double relative() {
    return relative(spec.stages().size() - 1);
  }

  /// Relative MACs through the stages up to `stage`.
  double relative(int stage) {
    double macs = 0;
    for (int layer = 0; layer <= spec.head(stage); layer++) {
      long read = read(layer);
      double density = plasticity.includes(layer, spec) ? plasticity.density() : 1;
      macs += executedUnits(layer) * read * density;
      macs += chainMacs(layer, Chain.GATE, read) + chainMacs(layer, Chain.LIGHT, read);
      if (layer < spec.layers().size() - 1) {
        macs += chainMacs(layer, Chain.HALT, read);
      }
    }
    return macs / spec.denseMacs();
  }

  private long chainMacs(int layer, Chain chain, long read) {
    List<ProjectionSpec> products = spec.chain(layer, chain);
    boolean readsLight = MacCosts.readsLight(spec.layers().get(layer), chain);
    long macs = 0;
    for (int index = 0; index < products.size(); index++) {
      ProjectionSpec product = products.get(index);
      boolean readsLayer = index == 0 && product.inputs() > 0 && !readsLight;
      macs += (readsLayer ? read : product.inputs()) * product.units();
    }
    return macs;
  }

  private long read(int layer) {
    List<Integer> sources = spec.sources(layer);
    return sources.isEmpty()
        ? spec.layerInputs(layer)
        : sources.stream().mapToLong(this::readableUnits).sum();
  }

  private long readableUnits(int layer) {
    if (spec.layers().get(layer) instanceof LayerSpec.Gated gated && gated.lightRank() > 0) {
      return gated.units();
    }
    if (spec.layers().get(layer) instanceof LayerSpec.Gated gated
        && gated.gate().granularity() == Granularity.UNIT) {
      return gated.gate().rule().minimumOpen(gated.gates());
    }
    return executedUnits(layer);
  }

  private long executedUnits(int index) {
    if (!(spec.layers().get(index) instanceof LayerSpec.Gated layer)) {
      return spec.layers().get(index).units();
    }
    int minimum = layer.gate().rule().minimumOpen(layer.gates());
    if (minimum == 0) {
      return 0;
    }
    boolean perUnit = layer.gate().granularity() == Granularity.UNIT;
    int unitsPerGate = layer.blockSize() * layer.gate().blocksPerGate();
    long open = perUnit ? Math.ceilDiv(minimum, layer.blockSize()) : minimum;
    int groups = Math.ceilDiv(layer.units(), unitsPerGate);
    long lastGroup = layer.units() - (groups - 1L) * unitsPerGate;
    long withLast = (open - 1) * unitsPerGate + lastGroup;
    return perUnit && withLast < minimum ? open * unitsPerGate : withLast;
  }
}
