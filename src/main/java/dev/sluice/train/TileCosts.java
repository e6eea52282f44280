package dev.sluice.train;

import dev.sluice.memory.TileMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// MACs of one layer's own product, live tiles alone, and their derivatives by the decisions of this layer and those it reads.
final class TileCosts {
  /// A layer that is read, or the features.
  ///
  /// @param decisions null if all units are read of every row
  record Source(int units, @Nullable GateDecisions decisions) {
    /// Units from `from` to `to` that a row reads.
    int read(int row, int from, int to) {
      int end = Math.min(to, units);
      if (decisions == null) {
        return Math.max(0, end - from);
      }
      int count = 0;
      for (int unit = from; unit < end; unit++) {
        count += decisions.isRead(row, unit) ? 1 : 0;
      }
      return count;
    }
  }

  private final TileMask mask;
  private final @Nullable GateDecisions own;
  private final List<Source> sources;

  /// @param own null for a dense layer
  /// @param sources what the layer reads, joined in this order
  TileCosts(TileMask mask, @Nullable GateDecisions own, List<Source> sources) {
    this.mask = mask;
    this.own = own;
    this.sources = List.copyOf(sources);
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
      int from = tile * TileMap.TILE_INPUTS;
      int to = from + TileMap.tileInputs(mask.inputs(), tile);
      int first = 0;
      for (Source source : sources) {
        read[tile] += source.read(row, Math.max(0, from - first), to - first);
        first += source.units();
      }
    }
    return read;
  }
}
