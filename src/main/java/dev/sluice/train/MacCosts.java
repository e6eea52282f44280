package dev.sluice.train;

import dev.sluice.gate.Granularity;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// MACs of the rows of a batch as a predictor executes them, gates counted, and their derivative by the decisions.
///
/// ```
/// macs = Σ_l  e_l · r_{l-1} + G_l · r_{l-1} + C_l
/// ```
///
/// `e_l`: units that layer `l` executes; `r_l`: units of it that the next layer reads; `G_l`: units of its gate's first product, which
/// reads only open inputs as well; `C_l`: the gate's further products. A light path counts as a gate does.
final class MacCosts {
  private final int inputs;
  private final long denseMacs;
  private final int[] units;
  private final int[] gateUnits;
  private final long[] furtherGateMacs;
  private final List<@Nullable GateDecisions> decisions;

  /// @param decisions per layer, null for dense layers
  MacCosts(ModelSpec spec, List<@Nullable GateDecisions> decisions) {
    int layers = spec.layers().size();
    this.inputs = spec.inputs();
    this.denseMacs = spec.denseMacs();
    this.units = new int[layers];
    this.gateUnits = new int[layers];
    this.furtherGateMacs = new long[layers];
    this.decisions = new ArrayList<>(decisions);
    for (int layer = 0; layer < layers; layer++) {
      units[layer] = spec.layers().get(layer).units();
      for (Chain chain : List.of(Chain.GATE, Chain.LIGHT)) {
        addChain(spec, layer, chain);
      }
    }
  }

  private void addChain(ModelSpec spec, int layer, Chain chain) {
    List<ProjectionSpec> products = spec.chain(layer, chain);
    for (int index = 0; index < products.size(); index++) {
      ProjectionSpec product = products.get(index);
      if (index > 0 || readsLight(spec.layers().get(layer), chain)) {
        furtherGateMacs[layer] += (long) product.units() * product.inputs();
      } else if (product.inputs() > 0) {
        gateUnits[layer] += product.units();
      }
    }
  }

  private static boolean readsLight(LayerSpec layer, Chain chain) {
    return chain == Chain.GATE
        && layer instanceof LayerSpec.Gated gated
        && gated.gate().form().readsLight();
  }

  long denseMacs() {
    return denseMacs;
  }

  /// Executed MACs of a row.
  long macs(int row) {
    long sum = 0;
    for (int layer = 0; layer < units.length; layer++) {
      sum += (long) readByLayer(layer, row) * perInput(layer, row) + furtherGateMacs[layer];
    }
    return sum;
  }

  /// Derivative of the row's relative MACs by the decision of one gate.
  double relativeMacsByGate(int layer, int row, int gate) {
    GateDecisions own = decisions.get(layer);
    if (own == null) {
      return 0;
    }
    double macs = own.executedUnitsPerGate(row, gate) * readByLayer(layer, row);
    if (layer + 1 < units.length) {
      macs += (double) own.readUnitsPerGate(gate) * perInput(layer + 1, row);
    }
    return macs / denseMacs;
  }

  /// Inputs that a layer reads.
  private int readByLayer(int layer, int row) {
    if (layer == 0) {
      return inputs;
    }
    GateDecisions before = decisions.get(layer - 1);
    return before == null ? units[layer - 1] : before.readUnits(row);
  }

  /// Products per input that a layer reads.
  private int perInput(int layer, int row) {
    GateDecisions own = decisions.get(layer);
    return (own == null ? units[layer] : own.executedUnits(row)) + gateUnits[layer];
  }

  /// The smallest relative MACs that any row can have, with as few and as small blocks open as the gates allow.
  static double smallestRelativeMacs(ModelSpec spec) {
    long read = spec.inputs();
    long macs = 0;
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      LayerSpec own = spec.layers().get(layer);
      long executed = own.units();
      long readable = own.units();
      if (own instanceof LayerSpec.Gated gated) {
        executed = smallestExecutedUnits(gated);
        boolean perUnit = gated.gate().granularity() == Granularity.UNIT;
        readable = perUnit ? gated.gate().rule().minimumOpen(gated.gates()) : executed;
        readable = gated.lightRank() > 0 ? gated.units() : readable;
      }
      for (Chain chain : List.of(Chain.GATE, Chain.LIGHT)) {
        macs += chainMacs(spec, layer, chain, read);
      }
      macs += executed * read;
      read = readable;
    }
    return (double) macs / spec.denseMacs();
  }

  private static long chainMacs(ModelSpec spec, int layer, Chain chain, long read) {
    List<ProjectionSpec> products = spec.chain(layer, chain);
    long macs = 0;
    for (int index = 0; index < products.size(); index++) {
      ProjectionSpec product = products.get(index);
      boolean readsLayer =
          index == 0 && product.inputs() > 0 && !readsLight(spec.layers().get(layer), chain);
      macs += (readsLayer ? read : product.inputs()) * product.units();
    }
    return macs;
  }

  private static long smallestExecutedUnits(LayerSpec.Gated layer) {
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
