package dev.sluice.runtime;

import dev.sluice.account.MacCounter;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.memory.TileMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the dead tiles of one layer's product leave to be executed, and when they are left out.
final class PrunedMacs {
  private final int layer;
  private final TileMap tiles;
  private final boolean skips;
  private final int[] openOfTile;
  private final int[] readOfTile;

  private PrunedMacs(int layer, TileMap tiles, boolean skips) {
    this.layer = layer;
    this.tiles = tiles;
    this.skips = skips;
    this.openOfTile = new int[tiles.tiles()];
    this.readOfTile = new int[tiles.tiles()];
  }

  /// @param skips whether dead tiles are left out
  /// @return null if none is dead
  static @Nullable PrunedMacs of(int layer, TileMap tiles, boolean skips) {
    return tiles.isPruned() ? new PrunedMacs(layer, tiles, skips) : null;
  }

  /// Whether a row's product is quicker with the list of each block's live inputs. Blocks go one by one then, for which a listed input costs
  /// what it costs in a product of few blocks, or of one past the cache, where memory is what counts: by the default costs 0.53 or 0.63 of the MACs
  /// may be live. Not by measured ones, so that the way taken, and the counts, are the same on every machine.
  static boolean runsByTiles(TileMap tiles) {
    boolean isPastCache = tiles.layout().totalBytes() > ListedProduct.CACHE_BYTES;
    ListedProduct.Size size =
        isPastCache ? ListedProduct.Size.PAST_CACHE : ListedProduct.Size.FEW_BLOCKS;
    double ratio = ListingCosts.defaults(size).ratio();
    return tiles.isPruned() && tiles.liveShare() * ratio <= 1;
  }

  /// Sets right what [LayerMacs] counted for a row without regard to tiles.
  void count(ActiveSet openBlocks, ReadInputs inputs, MacCounter macs) {
    countPerTile(inputs.open(), openOfTile);
    countPerTile(inputs.chosen(), readOfTile);
    take(openBlocks, macs);
  }

  /// The same for a row that reads all its open inputs.
  void count(ActiveSet openBlocks, ActiveSet openInputs, MacCounter macs) {
    countPerTile(openInputs, openOfTile);
    countPerTile(openInputs, readOfTile);
    take(openBlocks, macs);
  }

  /// The same for a row that reads all inputs, open or not.
  void countAllInputs(ActiveSet openBlocks, MacCounter macs) {
    fill(openOfTile);
    fill(readOfTile);
    take(openBlocks, macs);
  }

  private void countPerTile(ActiveSet inputs, int[] counts) {
    if (inputs.isFull()) {
      fill(counts);
      return;
    }
    Arrays.fill(counts, 0);
    for (int position = 0; position < inputs.count(); position++) {
      counts[inputs.index(position) / TileMap.TILE_INPUTS]++;
    }
  }

  private void fill(int[] counts) {
    for (int tile = 0; tile < counts.length; tile++) {
      counts[tile] = TileMap.tileInputs(tiles.layout().inputs(), tile);
    }
  }

  private void take(ActiveSet openBlocks, MacCounter macs) {
    long open = 0;
    long read = 0;
    long padding = 0;
    for (int position = 0; position < openBlocks.count(); position++) {
      int block = openBlocks.index(position);
      int units = tiles.unitsOf(block);
      long readOfBlock = dead(block, readOfTile);
      open += units * dead(block, openOfTile);
      read += units * readOfBlock;
      padding += (tiles.layout().blockSize() - units) * readOfBlock;
    }
    if (skips) {
      macs.takePruned(layer, read, open - read, padding);
    } else {
      macs.addPrunedNotSkipped(layer, open);
    }
  }

  private long dead(int block, int[] inputsOfTile) {
    long count = 0;
    for (int tile = 0; tile < inputsOfTile.length; tile++) {
      count += tiles.isLive(block, tile) ? 0 : inputsOfTile[tile];
    }
    return count;
  }
}
