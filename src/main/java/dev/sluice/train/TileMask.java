package dev.sluice.train;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.NamedTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Which tiles of one product are live while it is trained; tiles are numbered by block, then by input. Kept beside the weights, as a tile that
/// has just grown may be all zeros.
final class TileMask {
  private final PanelLayout layout;
  private final int tilesPerBlock;
  private final boolean[] live;

  /// The same as 0 and 1, for checkpoints.
  private final MemorySegment stored;

  /// All live.
  TileMask(Arena arena, PanelLayout layout) {
    this.layout = layout;
    this.tilesPerBlock = TileMap.tiles(layout.inputs());
    this.live = new boolean[Math.multiplyExact(layout.blocks(), tilesPerBlock)];
    this.stored = AlignedMemory.allocate(arena, storedBytes());
    for (int tile = 0; tile < live.length; tile++) {
      set(tile, true);
    }
  }

  int tiles() {
    return live.length;
  }

  int tilesPerBlock() {
    return tilesPerBlock;
  }

  int blocks() {
    return layout.blocks();
  }

  int inputs() {
    return layout.inputs();
  }

  int blockSize() {
    return layout.blockSize();
  }

  boolean isLive(int tile) {
    return live[tile];
  }

  boolean isLive(int block, int tileOfBlock) {
    return live[block * tilesPerBlock + tileOfBlock];
  }

  void set(int tile, boolean isLive) {
    live[tile] = isLive;
    stored.set(FLOAT, (long) tile * Float.BYTES, isLive ? 1f : 0f);
  }

  int liveTiles() {
    int count = 0;
    for (boolean isLive : live) {
      count += isLive ? 1 : 0;
    }
    return count;
  }

  boolean[] copy() {
    return Arrays.copyOf(live, live.length);
  }

  /// Offset in bytes of a tile in all panels.
  long offsetBytes(int tile) {
    long tileBytes = (long) TileMap.TILE_INPUTS * layout.inputStrideBytes();
    return layout.panelOffsetBytes(tile / tilesPerBlock) + tile % tilesPerBlock * tileBytes;
  }

  /// Weights of a tile, padding units included.
  int floats(int tile) {
    return TileMap.tileInputs(layout.inputs(), tile % tilesPerBlock) * layout.blockSize();
  }

  /// True units of a block.
  int unitsOf(int block) {
    return Math.min(layout.blockSize(), layout.units() - block * layout.blockSize());
  }

  /// Whole cache lines, as every stored tensor.
  private long storedBytes() {
    return AlignedMemory.alignUp((long) live.length * Float.BYTES);
  }

  NamedTensor tensor(String name) {
    long bytes = storedBytes();
    return new NamedTensor(name, List.of(bytes / Float.BYTES), stored.asSlice(0, bytes));
  }

  /// Takes over what a checkpoint has put into [#tensor].
  void restore() {
    for (int tile = 0; tile < live.length; tile++) {
      live[tile] = stored.get(FLOAT, (long) tile * Float.BYTES) != 0;
    }
  }

  /// As predictors see these weights.
  void readFrom(Panels weights) {
    TileMap map = TileMap.of(weights);
    for (int tile = 0; tile < live.length; tile++) {
      set(tile, !map.isPruned() || map.isLive(tile / tilesPerBlock, tile % tilesPerBlock));
    }
  }
}
