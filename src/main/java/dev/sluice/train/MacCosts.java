package dev.sluice.train;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// MACs of the rows of a batch as a predictor executes them, gates and halting units counted, and their derivative by the decisions.
///
/// ```
/// macs = Σ_l  (e_l + G_l + h_l) · R_l + C_l          R_l = Σ r_s over what layer l reads
/// ```
///
/// `e_l`: units that layer `l` executes; `r_s`: units of layer `s` that its readers read; `G_l`: units of its gate's first product, which
/// reads only open inputs as well; `h_l`: 1 if it has a halting unit that is asked, the last stage's is not; `C_l`: the gate's further products. A
/// light path counts as a gate does.
final class MacCosts {
  private final ModelSpec spec;
  private final long denseMacs;
  private final int[] units;
  private final int[] chainUnits;
  private final long[] furtherMacs;
  private final int[] features;
  private final int[][] sources;
  private final int[][] readers;
  private final int[] heads;
  private final List<@Nullable GateDecisions> decisions;

  /// @param decisions per layer, null for dense layers
  MacCosts(ModelSpec spec, List<@Nullable GateDecisions> decisions) {
    int layers = spec.layers().size();
    this.spec = spec;
    this.denseMacs = spec.denseMacs();
    this.units = new int[layers];
    this.chainUnits = new int[layers];
    this.furtherMacs = new long[layers];
    this.features = new int[layers];
    this.sources = new int[layers][];
    this.readers = new int[layers][];
    this.heads = new int[spec.stages().size()];
    this.decisions = new ArrayList<>(decisions);
    for (int layer = 0; layer < layers; layer++) {
      units[layer] = spec.layers().get(layer).units();
      sources[layer] = spec.sources(layer).stream().mapToInt(Integer::intValue).toArray();
      features[layer] = sources[layer].length == 0 ? spec.layerInputs(layer) : 0;
      readers[layer] = readersOf(layer);
      addChain(layer, Chain.GATE);
      addChain(layer, Chain.LIGHT);
      if (layer != spec.head(heads.length - 1)) {
        addChain(layer, Chain.HALT);
      }
    }
    for (int stage = 0; stage < heads.length; stage++) {
      heads[stage] = spec.head(stage);
    }
  }

  private int[] readersOf(int layer) {
    return IntStream.range(layer + 1, units.length)
        .filter(later -> spec.sources(later).contains(layer))
        .toArray();
  }

  private void addChain(int layer, Chain chain) {
    List<ProjectionSpec> products = spec.chain(layer, chain);
    for (int index = 0; index < products.size(); index++) {
      ProjectionSpec product = products.get(index);
      if (index > 0 || readsLight(spec.layers().get(layer), chain)) {
        furtherMacs[layer] += (long) product.units() * product.inputs();
      } else if (product.inputs() > 0) {
        chainUnits[layer] += product.units();
      }
    }
  }

  /// Whether a chain's first product reads the light path's, and so nothing of the layer's input.
  static boolean readsLight(LayerSpec layer, Chain chain) {
    return chain == Chain.GATE
        && layer instanceof LayerSpec.Gated gated
        && gated.gate().form().readsLight();
  }

  long denseMacs() {
    return denseMacs;
  }

  /// MACs of a row through all stages.
  long macs(int row) {
    return macs(heads.length - 1, row);
  }

  /// MACs of a row that stops after stage `stage`, all stages up to it counted.
  long macs(int stage, int row) {
    long sum = 0;
    for (int layer = 0; layer <= heads[stage]; layer++) {
      sum += (long) readByLayer(layer, row) * perInput(layer, row) + furtherMacs[layer];
    }
    return sum;
  }

  /// Derivative of the relative MACs of a row through all stages by the decision of one gate.
  double relativeMacsByGate(int layer, int row, int gate) {
    GateDecisions own = decisions.get(layer);
    if (own == null) {
      return 0;
    }
    double macs = own.executedUnitsPerGate(row, gate) * readByLayer(layer, row);
    for (int reader : readers[layer]) {
      macs += (double) own.readUnitsPerGate(gate) * perInput(reader, row);
    }
    return macs / denseMacs;
  }

  /// Inputs that a layer reads.
  private int readByLayer(int layer, int row) {
    int read = features[layer];
    for (int source : sources[layer]) {
      GateDecisions before = decisions.get(source);
      read += before == null ? units[source] : before.readUnits(row);
    }
    return read;
  }

  /// Products per input that a layer reads.
  private int perInput(int layer, int row) {
    GateDecisions own = decisions.get(layer);
    return (own == null ? units[layer] : own.executedUnits(row)) + chainUnits[layer];
  }
}
