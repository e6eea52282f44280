package dev.sluice.kernel.simd;

import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A batch: cuts the rows of a block into tiles, the largest first.
///
/// @param shape of the tiles
/// @param fresh tiles by falling number of rows, for products in one chunk
/// @param added the same for chunks and for gradients: their sums are added
/// @param ends zeros before and bias after the sums of products
record SimdMatMul(WidthTemplate.Shape shape, List<Tile> fresh, List<Tile> added, BatchEnds ends)
    implements MatMulKernels {
  /// @param fewestRows from how many rows on it is worth to be taken: its own, or fewer where repeating a row costs less than a smaller tile
  record Tile(int rows, int fewestRows, RowTile kernel) {}

  @Override
  public void gatedMatMul(
      Panels w,
      MemorySegment unitBias,
      Matrix x,
      RowGroups groups,
      int block,
      int from,
      int to,
      Matrix y) {
    int chunkInputs = SummationOrder.chunkInputs(w.layout().inputs());
    multiply(chunkInputs, w, unitBias, x, groups.rows(), block, from, to, y);
  }

  @Override
  public void rehearse(
      boolean isCut,
      Panels w,
      MemorySegment unitBias,
      Matrix x,
      RowGroups groups,
      int block,
      int from,
      int to,
      Matrix y) {
    int inputs = w.layout().inputs();
    int chunkInputs = isCut ? (inputs + 1) / 2 : inputs;
    multiply(chunkInputs, w, unitBias, x, groups.rows(), block, from, to, y);
  }

  private void multiply(
      int chunkInputs,
      Panels w,
      MemorySegment unitBias,
      Matrix x,
      int[] rows,
      int block,
      int from,
      int to,
      Matrix y) {
    int inputs = w.layout().inputs();
    if (chunkInputs < inputs || inputs == 0) {
      ends.clear(block, rows, from, to, y);
    }
    multiply(fresh, w, block, 0, inputs, chunkInputs, x, rows, from, to, y);
    ends.addBias(w, unitBias, block, rows, from, to, y);
  }

  @Override
  public void inputGrad(
      Panels transposed,
      Matrix dy,
      RowGroups groups,
      int unitBlockSize,
      int inputBlock,
      int fromRow,
      int toRow,
      Matrix dx) {
    int[] rows = groups.rows();
    int together = groups.isDense() ? groups.blocks() : 1;
    int count = together * unitBlockSize;
    int chunkInputs = groups.isDense() ? SummationOrder.chunkInputs(count) : count;
    for (int unitBlock = 0; unitBlock < groups.blocks(); unitBlock += together) {
      int from =
          SortedList.firstAtLeast(fromRow, rows, groups.from(unitBlock), groups.to(unitBlock));
      int to = SortedList.firstAtLeast(toRow, rows, from, groups.to(unitBlock));
      int first = unitBlock * unitBlockSize;
      multiply(added, transposed, inputBlock, first, count, chunkInputs, dy, rows, from, to, dx);
    }
  }

  @Override
  public int rowsComputed(int rows, boolean addsSums) {
    int computed = 0;
    while (computed < rows) {
      computed += tileFor(addsSums ? added : fresh, rows - computed).rows();
    }
    return computed;
  }

  /// Tile by tile: a row is read from one end to the other, which is what prefetching foresees.
  ///
  /// @param uncutTiles where there is one chunk
  /// @param first of the panel's inputs, and of the columns of `x`, that is taken
  /// @param count how many are taken
  /// @param chunkInputs how many of them at a time
  private void multiply(
      List<Tile> uncutTiles,
      Panels w,
      int block,
      int first,
      int count,
      int chunkInputs,
      Matrix x,
      int[] rows,
      int from,
      int to,
      Matrix y) {
    List<Tile> tiles = chunkInputs < count ? added : uncutTiles;
    long weights = w.layout().panelOffsetBytes(block) + (long) first * shape.inputBytes();
    for (int pair = 0; pair < shape.pairs(); pair++) {
      long w0 = weights + pair * shape.pairBytes();
      int yBytes = (block * shape.blockSize() + pair * shape.pairUnits()) * Float.BYTES;
      for (int at = from; at < to; ) {
        Tile tile = tileFor(tiles, to - at);
        for (int start = 0; start < count; start += chunkInputs) {
          tile.kernel()
              .multiply(
                  w.segment(),
                  w0 + (long) start * shape.inputBytes(),
                  Math.min(chunkInputs, count - start),
                  x.data(),
                  x.strideBytes(),
                  (first + start) * Float.BYTES,
                  rows,
                  at,
                  to - 1,
                  y.data(),
                  y.strideBytes(),
                  yBytes);
        }
        at += tile.rows();
      }
    }
  }

  private static Tile tileFor(List<Tile> tiles, int rows) {
    for (int index = 0; index < tiles.size() - 1; index++) {
      if (rows >= tiles.get(index).fewestRows()) {
        return tiles.get(index);
      }
    }
    return tiles.getLast();
  }
}
