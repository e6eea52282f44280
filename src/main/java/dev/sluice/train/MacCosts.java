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
  private final @Nullable TileCosts[] tiles;

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
    this.tiles = new TileCosts[layers];
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

  /// Lets only live tiles of a layer's own product count; with them `e_l · R_l` becomes the sum over its live tiles.
  void setTiles(int layer, TileMask mask) {
    List<TileCosts.Source> read = new ArrayList<>();
    for (int source : sources[layer]) {
      read.add(new TileCosts.Source(units[source], decisions.get(source)));
    }
    if (read.isEmpty()) {
      read.add(new TileCosts.Source(features[layer], null));
    }
    tiles[layer] = new TileCosts(mask, decisions.get(layer), read);
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
      TileCosts own = tiles[layer];
      long read = readByLayer(layer, row);
      sum += own == null ? read * perInput(layer, row) : own.macs(row) + read * chainUnits[layer];
      sum += furtherMacs[layer];
    }
    return sum;
  }

  /// Derivative of the relative MACs of a row through all stages by the decision of one gate.
  double relativeMacsByGate(int layer, int row, int gate) {
    GateDecisions own = decisions.get(layer);
    if (own == null) {
      return 0;
    }
    TileCosts ownTiles = tiles[layer];
    double macs =
        ownTiles == null
            ? own.executedUnitsPerGate(row, gate) * readByLayer(layer, row)
            : ownTiles.macsByGate(row, gate);
    for (int reader : readers[layer]) {
      macs += readByGate(own, layer, reader, row, gate);
    }
    return macs / denseMacs;
  }

  /// What a gate of a layer adds to one that reads it.
  private double readByGate(GateDecisions gates, int layer, int reader, int row, int gate) {
    int read = gates.readUnitsPerGate(gate);
    TileCosts live = tiles[reader];
    if (live == null) {
      return (double) read * perInput(reader, row);
    }
    int from = firstInput(reader, layer) + gate * gates.unitsPerGate();
    return live.macsByInputs(row, from, from + read) + (double) read * chainUnits[reader];
  }

  /// Where the units of `source` begin among the inputs of `reader`.
  private int firstInput(int reader, int source) {
    int first = 0;
    for (int earlier : sources[reader]) {
      if (earlier == source) {
        break;
      }
      first += units[earlier];
    }
    return first;
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
