package dev.sluice.train;

import dev.sluice.gate.Granularity;
import dev.sluice.gate.ProjectionSpec;
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
/// reads only open inputs as well; `C_l`: the gate's further products.
final class MacCosts {
  private final int inputs;
  private final long denseMacs;
  private final int[] units;
  private final int[] gateUnits;
  private final long[] furtherGateMacs;
  private final List<@Nullable GateDecisions> decisions;
  private final @Nullable TileCosts[] tiles;

  /// @param decisions per layer, null for dense layers
  MacCosts(ModelSpec spec, List<@Nullable GateDecisions> decisions) {
    int layers = spec.layers().size();
    this.inputs = spec.inputs();
    this.denseMacs = spec.denseMacs();
    this.units = new int[layers];
    this.gateUnits = new int[layers];
    this.furtherGateMacs = new long[layers];
    this.decisions = new ArrayList<>(decisions);
    this.tiles = new TileCosts[layers];
    for (int layer = 0; layer < layers; layer++) {
      units[layer] = spec.layers().get(layer).units();
      List<ProjectionSpec> gate = spec.gateProjections(layer);
      for (int index = 0; index < gate.size(); index++) {
        ProjectionSpec product = gate.get(index);
        if (index > 0) {
          furtherGateMacs[layer] += (long) product.units() * product.inputs();
        } else if (product.inputs() > 0) {
          gateUnits[layer] = product.units();
        }
      }
    }
  }

  /// Lets only live tiles of a layer's own product count; with them `e_l · r_{l-1}` becomes the sum over its live tiles.
  void setTiles(int layer, TileMask mask) {
    GateDecisions before = layer == 0 ? null : decisions.get(layer - 1);
    tiles[layer] = new TileCosts(mask, decisions.get(layer), before);
  }

  long denseMacs() {
    return denseMacs;
  }

  /// Executed MACs of a row.
  long macs(int row) {
    long sum = 0;
    for (int layer = 0; layer < units.length; layer++) {
      TileCosts own = tiles[layer];
      long read = readByLayer(layer, row);
      sum += own == null ? read * perInput(layer, row) : own.macs(row) + read * gateUnits[layer];
      sum += furtherGateMacs[layer];
    }
    return sum;
  }

  /// Derivative of the row's relative MACs by the decision of one gate.
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
    if (layer + 1 < units.length) {
      macs += readByGate(own, layer + 1, row, gate);
    }
    return macs / denseMacs;
  }

  /// What a gate adds to the layer after its own.
  private double readByGate(GateDecisions gates, int layer, int row, int gate) {
    double read = gates.readUnitsPerGate(gate);
    TileCosts reader = tiles[layer];
    if (reader == null) {
      return read * perInput(layer, row);
    }
    int from = gate * gates.unitsPerGate();
    return reader.macsByInputs(row, from, from + (int) read) + read * gateUnits[layer];
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
    return smallestRelativeMacs(spec, StructuralPlasticity.none());
  }

  /// The same with dead tiles spread evenly.
  static double smallestRelativeMacs(ModelSpec spec, StructuralPlasticity plasticity) {
    long read = spec.inputs();
    double macs = 0;
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      LayerSpec own = spec.layers().get(layer);
      long executed = own.units();
      long readable = own.units();
      if (own instanceof LayerSpec.Gated gated) {
        executed = smallestExecutedUnits(gated);
        boolean perUnit = gated.gate().granularity() == Granularity.UNIT;
        readable = perUnit ? gated.gate().rule().minimumOpen(gated.gates()) : executed;
      }
      List<ProjectionSpec> gate = spec.gateProjections(layer);
      for (int index = 0; index < gate.size(); index++) {
        long gateInputs = index == 0 && gate.get(0).inputs() > 0 ? read : gate.get(index).inputs();
        macs += gateInputs * gate.get(index).units();
      }
      boolean isSparse = plasticity.includes(layer, spec.layers().size());
      macs += executed * read * (isSparse ? plasticity.density() : 1);
      read = readable;
    }
    return macs / spec.denseMacs();
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
