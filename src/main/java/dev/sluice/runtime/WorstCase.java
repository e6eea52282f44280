package dev.sluice.runtime;

import dev.sluice.account.MacFormulas;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.model.Chain;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/// What the dearest row costs if gates open so many at most and rows get to a stage at most.
///
/// Limits are tried in one order, each allowing all that the one before it did: first stage alone with one open gate per layer; its layers' gates one
/// after the other in proportion to what they have, up to all; then the same with the second stage; and so on. So whatever a
/// cap allows a larger one does too.
final class WorstCase {
  private final List<Layer> layers = new ArrayList<>();
  private final int[] firstLayers;
  private final int[] mostGates;
  private int lastStage;

  /// @param chainInputUnits units of products that read the layer's input beside the layer's own, halting units apart
  private record Layer(
      LayerSpec spec,
      int[] sources,
      int features,
      int mostOpen,
      long chainInputUnits,
      long furtherMacs,
      long haltingUnits) {
    static Layer of(ModelSpec spec, int index, int mostOpen) {
      long inputUnits = 0;
      long furtherMacs = 0;
      for (Chain chain : List.of(Chain.GATE, Chain.LIGHT)) {
        List<ProjectionSpec> products = spec.chain(index, chain);
        if (products.isEmpty() || ConstantGate.isConstant(products)) {
          continue;
        }
        boolean readsLight = chain == Chain.GATE && gateReadsLight(spec.layers().get(index));
        for (ProjectionSpec product : products) {
          if (product == products.getFirst() && !readsLight) {
            inputUnits += product.units();
          } else {
            furtherMacs += MacFormulas.product(product.units(), product.inputs());
          }
        }
      }
      return new Layer(
          spec.layers().get(index),
          spec.sources(index).stream().mapToInt(source -> source).toArray(),
          spec.sources(index).isEmpty() ? spec.layerInputs(index) : 0,
          mostOpen,
          inputUnits,
          furtherMacs,
          spec.chain(index, Chain.HALT).size());
    }

    private static boolean gateReadsLight(LayerSpec spec) {
      return spec instanceof LayerSpec.Gated gated && gated.gate().form().readsLight();
    }

    long executedUnits(int mostGates) {
      if (!(spec instanceof LayerSpec.Gated gated)) {
        return spec.units();
      }
      long unitsPerGate = (long) spec.blockSize() * gated.gate().blocksPerGate();
      return Math.min(spec.units(), mostGates * unitsPerGate);
    }

    long readableUnits(int mostGates) {
      if (!(spec instanceof LayerSpec.Gated gated) || gated.lightRank() > 0) {
        return spec.units();
      }
      return gated.gate().granularity() == Granularity.UNIT ? mostGates : executedUnits(mostGates);
    }
  }

  private WorstCase(ModelSpec spec, int[] mostOpen) {
    this.firstLayers = new int[spec.stages().size() + 1];
    for (int stage = 0; stage < firstLayers.length; stage++) {
      firstLayers[stage] = spec.firstLayer(stage);
    }
    this.mostGates = new int[mostOpen.length];
    for (int layer = 0; layer < mostOpen.length; layer++) {
      layers.add(Layer.of(spec, layer, mostOpen[layer]));
      mostGates[layer] = Math.min(1, mostOpen[layer]);
    }
  }

  /// The last limits in order that stay within `mostMacs`.
  ///
  /// @throws IllegalArgumentException if even the first do not
  static WorstCase within(ModelSpec spec, int[] mostOpen, long mostMacs) {
    WorstCase worst = new WorstCase(spec, mostOpen);
    long smallest = worst.macs();
    if (mostMacs < smallest) {
      throw new IllegalArgumentException(
          "budget is below the smallest possible cost of a row: macs="
              + mostMacs
              + ", smallest="
              + smallest);
    }
    while (worst.openStage(mostMacs) && worst.lastStage < spec.stages().size() - 1) {
      worst.lastStage++;
      if (worst.macs() > mostMacs) {
        worst.lastStage--;
        break;
      }
    }
    return worst;
  }

  int[] mostGates() {
    return mostGates.clone();
  }

  int lastStage() {
    return lastStage;
  }

  /// Opens the last stage's gates as far as fits.
  ///
  /// @return whether all of them
  private boolean openStage(long mostMacs) {
    int rounds = 1;
    int from = firstLayers[lastStage];
    int to = firstLayers[lastStage + 1];
    for (int layer = from; layer < to; layer++) {
      rounds = Math.max(rounds, layers.get(layer).mostOpen);
    }
    for (int round = 1; round <= rounds; round++) {
      for (int layer = from; layer < to; layer++) {
        int before = mostGates[layer];
        long share = Math.ceilDiv((long) layers.get(layer).mostOpen * round, (long) rounds);
        mostGates[layer] = (int) Math.max(before, share);
        if (mostGates[layer] > before && macs() > mostMacs) {
          mostGates[layer] = before;
          return false;
        }
      }
    }
    return true;
  }

  /// Panels, gates, light paths and halting units of the stages that are entered.
  private long macs() {
    long sum = 0;
    for (int layer = 0; layer < firstLayers[lastStage + 1]; layer++) {
      Layer own = layers.get(layer);
      long read = own.features;
      for (int source : own.sources) {
        read += layers.get(source).readableUnits(mostGates[source]);
      }
      boolean mayHalt = layer < firstLayers[lastStage];
      long units = own.executedUnits(mostGates[layer]) + own.chainInputUnits;
      sum += (units + (mayHalt ? own.haltingUnits : 0)) * read + own.furtherMacs;
    }
    return sum;
  }
}
