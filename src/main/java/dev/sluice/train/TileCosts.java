package dev.sluice.train;

import dev.sluice.memory.TileMap;
import org.jspecify.annotations.Nullable;

/// MACs of one layer's own product, live tiles alone, and their derivatives by the decisions of this layer and the one before.
final class TileCosts {
  private final TileMask mask;
  private final @Nullable GateDecisions own;
  private final @Nullable GateDecisions before;

  /// @param own null for a dense layer
  /// @param before null if the layer before is dense, or there is none
  TileCosts(TileMask mask, @Nullable GateDecisions own, @Nullable GateDecisions before) {
    this.mask = mask;
    this.own = own;
    this.before = before;
  }

  long macs(int row) {
    int[] read = readPerTile(row);
    long macs = 0;
    for (int block = 0; block < mask.blocks(); block++) {
      if (isExecuted(row, block)) {
        macs += (long) mask.unitsOf(block) * liveInputs(block, read);
      }
    }
    return macs;
  }

  /// What opening a gate of this layer adds.
  double macsByGate(int row, int gate) {
    if (own == null) {
      return 0;
    }
    int[] read = readPerTile(row);
    if (own.perUnit()) {
      return own.executedUnitsPerGate(row, gate) * liveInputs(gate / mask.blockSize(), read);
    }
    int blocksPerGate = own.unitsPerGate() / mask.blockSize();
    int to = Math.min((gate + 1) * blocksPerGate, mask.blocks());
    double macs = 0;
    for (int block = gate * blocksPerGate; block < to; block++) {
      macs += (double) mask.unitsOf(block) * liveInputs(block, read);
    }
    return macs;
  }

  /// What it adds that inputs `from` to `to` are read.
  double macsByInputs(int row, int from, int to) {
    double macs = 0;
    for (int input = from; input < to; ) {
      int tile = input / TileMap.TILE_INPUTS;
      int end = Math.min(to, (tile + 1) * TileMap.TILE_INPUTS);
      for (int block = 0; block < mask.blocks(); block++) {
        if (isExecuted(row, block) && mask.isLive(block, tile)) {
          macs += (double) (end - input) * mask.unitsOf(block);
        }
      }
      input = end;
    }
    return macs;
  }

  private boolean isExecuted(int row, int block) {
    return own == null || own.isBlockOpen(row, block);
  }

  private int liveInputs(int block, int[] readPerTile) {
    int count = 0;
    for (int tile = 0; tile < readPerTile.length; tile++) {
      count += mask.isLive(block, tile) ? readPerTile[tile] : 0;
    }
    return count;
  }

  private int[] readPerTile(int row) {
    int[] read = new int[mask.tilesPerBlock()];
    for (int tile = 0; tile < read.length; tile++) {
      int inputs = TileMap.tileInputs(mask.inputs(), tile);
      read[tile] =
          before == null ? inputs : readOf(before, row, tile * TileMap.TILE_INPUTS, inputs);
    }
    return read;
  }

  private static int readOf(GateDecisions before, int row, int firstUnit, int units) {
    int count = 0;
    for (int unit = firstUnit; unit < firstUnit + units; unit++) {
      count += before.isOpen(row, unit / before.unitsPerGate()) ? 1 : 0;
    }
    return count;
  }
}
