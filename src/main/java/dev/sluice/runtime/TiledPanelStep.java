package dev.sluice.runtime;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.TileMap;
import dev.sluice.model.Projection;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A [PanelStep] that leaves out dead tiles: block by block, over those of the row's inputs that lie in the block's live tiles. The same bits for
/// finite inputs, as a zero weight adds nothing to a sum that starts at +0.
final class TiledPanelStep implements Step {
  private final MatVecKernels matVec;
  private final Panels weights;
  private final MemorySegment bias;
  private final MemorySegment x;
  private final ReadInputs inputs;
  private final ActiveSet blocks;
  private final MemorySegment z;

  /// Per block its runs of neighbouring live tiles, as first tile and end in turns.
  private final int[][] runs;

  /// Where each tile begins in the row's list, and after the last one where the list ends.
  private final int[] tileStarts;

  private final ActiveSet read;
  private final ActiveSet oneBlock;

  /// @param inputs which of `x` is read; may change between runs
  /// @param blocks which blocks run; the set may change between runs
  TiledPanelStep(
      Kernels kernels,
      Projection projection,
      TileMap tiles,
      MemorySegment x,
      ReadInputs inputs,
      ActiveSet blocks,
      MemorySegment z) {
    this.weights = projection.weights();
    PanelLayout layout = weights.layout();
    this.matVec = kernels.matVec(layout.blockSize(), layout.precision());
    this.bias = projection.bias();
    this.x = x;
    this.inputs = inputs;
    this.blocks = blocks;
    this.z = z;
    this.runs = new int[layout.blocks()][];
    for (int block = 0; block < runs.length; block++) {
      runs[block] = runsOf(tiles, block);
    }
    this.tileStarts = new int[tiles.tiles() + 1];
    this.read = new ActiveSet(layout.inputs());
    this.oneBlock = new ActiveSet(layout.blocks());
  }

  private static int[] runsOf(TileMap tiles, int block) {
    int[] bounds = new int[tiles.tiles() + 1];
    int count = 0;
    boolean isRun = false;
    for (int tile = 0; tile <= tiles.tiles(); tile++) {
      boolean isLive = tile < tiles.tiles() && tiles.isLive(block, tile);
      if (isLive != isRun) {
        bounds[count++] = tile;
        isRun = isLive;
      }
    }
    return Arrays.copyOf(bounds, count);
  }

  @Override
  public void run() {
    ActiveSet chosen = inputs.chosen();
    findTiles(chosen);
    for (int position = 0; position < blocks.count(); position++) {
      int block = blocks.index(position);
      readLiveTiles(block, chosen.indices());
      oneBlock.clear();
      oneBlock.add(block);
      matVec.gatedMatVec(weights, bias, x, read, oneBlock, z);
    }
  }

  private void findTiles(ActiveSet chosen) {
    int position = 0;
    for (int tile = 0; tile < tileStarts.length; tile++) {
      int firstInput = tile * TileMap.TILE_INPUTS;
      while (position < chosen.count() && chosen.index(position) < firstInput) {
        position++;
      }
      tileStarts[tile] = position;
    }
  }

  private void readLiveTiles(int block, int[] list) {
    int count = 0;
    int[] bounds = runs[block];
    for (int bound = 0; bound < bounds.length; bound += 2) {
      int from = tileStarts[bounds[bound]];
      int length = tileStarts[bounds[bound + 1]] - from;
      System.arraycopy(list, from, read.indices(), count, length);
      count += length;
    }
    read.setCount(count);
  }
}
