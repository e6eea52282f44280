package dev.sluice.runtime;

import dev.sluice.account.MacCounter;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import org.jspecify.annotations.Nullable;

/// Counts one layer of a batch twice: as the batch executed it, and as its rows would be executed
/// one by one.
final class BatchLayerMacs {
  private final LayerMacs macs;
  private final int layer;
  private final LayerSpec spec;
  private final int inputs;
  private final int[] sources;
  private final boolean readsAll;
  private final ActiveSet allBlocks;
  private final @Nullable RowDecisions decisions;
  private final @Nullable BatchTileMacs tiles;

  /// @param decisions null for a dense layer
  /// @param tiles null if none is dead
  BatchLayerMacs(
      ModelSpec model, int layer, @Nullable RowDecisions decisions, @Nullable BatchTileMacs tiles) {
    this.macs = new LayerMacs(model, layer);
    this.layer = layer;
    this.spec = model.layers().get(layer);
    this.inputs = model.layerInputs(layer);
    this.sources = model.sources(layer).stream().mapToInt(source -> source).toArray();
    this.readsAll = Workspace.hasLightPath(model, layer);
    this.allBlocks = ActiveSet.all(spec.blocks());
    this.decisions = decisions;
    this.tiles = tiles;
  }

  /// Adds the last run of the layer to both counts.
  ///
  /// @param stageRows rows that it ran for
  /// @param readable by layer and row of the batch, how many units later layers read of the row alone; this layer's are filled in
  /// @param halts whether the layer's halting unit ran
  /// @param executed every input of the open blocks, closed ones as zeros
  void count(
      BatchRows stageRows,
      int[][] readable,
      boolean halts,
      MacCounter executed,
      MacCounter structural) {
    for (int position = 0; position < stageRows.count(); position++) {
      int row = stageRows.row(position);
      GateDecision decision = decisions == null ? null : decisions.decide(position);
      ActiveSet blocks = decision == null ? allBlocks : decision.openBlocks();
      int read = inputsRead(readable, row);
      macs.count(blocks, 1, inputs, inputs, executed);
      macs.count(blocks, 1, read, read, structural);
      if (tiles != null) {
        tiles.count(blocks, row, executed, structural);
      }
      if (halts) {
        macs.countHalting(1, inputs, inputs, executed);
        macs.countHalting(1, read, read, structural);
      }
      readable[layer][row] =
          decision == null || readsAll ? spec.units() : decision.openUnits().count();
    }
  }

  void countNotRun(int rows, MacCounter executed, MacCounter structural) {
    macs.countNotRun(rows, executed);
    macs.countNotRun(rows, structural);
  }

  private int inputsRead(int[][] readable, int row) {
    if (sources.length == 0) {
      return inputs;
    }
    int sum = 0;
    for (int source : sources) {
      sum += readable[source][row];
    }
    return sum;
  }
}
