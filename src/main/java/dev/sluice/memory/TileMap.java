package dev.sluice.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Which tiles of a product have weights. A *tile* is [#TILE_INPUTS] consecutive inputs times one block of units, contiguous in its panel; it is
/// dead if all its weights are exactly zero, of either sign, and live otherwise.
///
/// Read from the weights as they are stored, so that a file needs no masks. A tile may be dead in a narrow precision that is live in f32.
public final class TileMap {
  /// Enough that a run of live inputs is one copy and, at 32 units in f32, one page; few enough that 784 inputs × 512 units have 400
  /// tiles to choose from.
  public static final int TILE_INPUTS = 32;

  private final PanelLayout layout;
  private final int tiles;
  private final boolean[] live;
  private final int liveTiles;

  private TileMap(PanelLayout layout, boolean[] live) {
    this.layout = layout;
    this.tiles = tiles(layout.inputs());
    this.live = live;
    int count = 0;
    for (boolean isLive : live) {
      count += isLive ? 1 : 0;
    }
    this.liveTiles = count;
  }

  /// Looks at each weight once, at a live tile's up to the first that is not zero.
  public static TileMap of(Panels panels) {
    PanelLayout layout = panels.layout();
    int tiles = tiles(layout.inputs());
    long tileBytes = (long) TILE_INPUTS * layout.inputStrideBytes();
    boolean[] live = new boolean[Math.multiplyExact(layout.blocks(), tiles)];
    for (int block = 0; block < layout.blocks(); block++) {
      for (int tile = 0; tile < tiles; tile++) {
        long from = layout.panelOffsetBytes(block) + tile * tileBytes;
        long to = from + (long) tileInputs(layout.inputs(), tile) * layout.inputStrideBytes();
        live[block * tiles + tile] = hasWeight(panels.segment(), from, to, layout.precision());
      }
    }
    return new TileMap(layout, live);
  }

  private static boolean hasWeight(
      MemorySegment segment, long from, long to, WeightPrecision precision) {
    long magnitude = magnitudeBits(precision);
    for (long at = from; at < to; at += Long.BYTES) {
      if ((segment.get(ValueLayout.JAVA_LONG, at) & magnitude) != 0) {
        return true;
      }
    }
    return false;
  }

  /// What of eight bytes tells zero from other weights: everything but signs.
  private static long magnitudeBits(WeightPrecision precision) {
    return switch (precision) {
      case F32 -> 0x7fff_ffff_7fff_ffffL;
      case BF16 -> 0x7fff_7fff_7fff_7fffL;
      case INT8 -> -1L;
    };
  }

  /// Tiles of a block over so many inputs; the last one may have fewer than [#TILE_INPUTS].
  public static int tiles(int inputs) {
    return Math.ceilDiv(inputs, TILE_INPUTS);
  }

  /// Inputs of one tile.
  public static int tileInputs(int inputs, int tile) {
    return Math.min(TILE_INPUTS, inputs - tile * TILE_INPUTS);
  }

  public PanelLayout layout() {
    return layout;
  }

  /// Tiles of a block.
  public int tiles() {
    return tiles;
  }

  public boolean isLive(int block, int tile) {
    return live[block * tiles + tile];
  }

  public int liveTiles() {
    return liveTiles;
  }

  /// Whether some tiles are dead and others not. A product without any weight is one that nobody has set, not one that was pruned: it
  /// counts as dense.
  public boolean isPruned() {
    return liveTiles > 0 && liveTiles < live.length;
  }

  /// Live tiles of one block.
  public int liveTiles(int block) {
    int count = 0;
    for (int tile = 0; tile < tiles; tile++) {
      count += isLive(block, tile) ? 1 : 0;
    }
    return count;
  }

  /// Inputs in the live tiles of one block.
  public int liveInputs(int block) {
    int count = 0;
    for (int tile = 0; tile < tiles; tile++) {
      count += isLive(block, tile) ? tileInputs(layout.inputs(), tile) : 0;
    }
    return count;
  }

  /// MACs of a row over all inputs for true units of all blocks, live tiles alone.
  public long liveMacs() {
    long macs = 0;
    for (int block = 0; block < layout.blocks(); block++) {
      macs += (long) liveInputs(block) * unitsOf(block);
    }
    return macs;
  }

  /// True units of a block.
  public int unitsOf(int block) {
    return Math.min(layout.blockSize(), layout.units() - block * layout.blockSize());
  }

  /// Of the product's MACs with all blocks open, those of live tiles; 1 for a product without inputs.
  public double liveShare() {
    long dense = (long) layout.units() * layout.inputs();
    return dense == 0 ? 1 : (double) liveMacs() / dense;
  }
}
