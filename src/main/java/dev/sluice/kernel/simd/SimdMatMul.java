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
/// @param products tiles by falling number of rows
/// @param gradients the same, for sums that add to what is there
/// @param bias for products
record SimdMatMul(
    WidthTemplate.Shape shape, List<Tile> products, List<Tile> gradients, BatchBias bias)
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
    int inputs = w.layout().inputs();
    int chunks = Math.max(1, SummationOrder.chunks(inputs));
    multiply(products, w, block, 0, inputs, chunks, x, groups.rows(), from, to, y);
    bias.addBias(w, unitBias, block, groups.rows(), from, to, y);
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
    int chunks = groups.isDense() ? SummationOrder.chunks(count) : 1;
    for (int unitBlock = 0; unitBlock < groups.blocks(); unitBlock += together) {
      int from = firstAtLeast(fromRow, rows, groups.from(unitBlock), groups.to(unitBlock));
      int to = firstAtLeast(toRow, rows, from, groups.to(unitBlock));
      int first = unitBlock * unitBlockSize;
      multiply(gradients, transposed, inputBlock, first, count, chunks, dy, rows, from, to, dx);
    }
  }

  /// @param first of the panel's inputs, and of the columns of `x`, that is taken
  /// @param count how many are taken
  private void multiply(
      List<Tile> tiles,
      Panels w,
      int block,
      int first,
      int count,
      int chunks,
      Matrix x,
      int[] rows,
      int from,
      int to,
      Matrix y) {
    MemorySegment panels = w.segment();
    long firstWeights = w.layout().panelOffsetBytes(block) + (long) first * shape.inputBytes();
    int firstUnit = block * shape.blockSize();
    for (int pair = 0; pair < shape.pairs(); pair++) {
      long w0 = firstWeights + pair * shape.pairBytes();
      int yBytes = (firstUnit + pair * shape.pairUnits()) * Float.BYTES;
      for (int position = from; position < to; ) {
        Tile tile = tileFor(tiles, to - position);
        tile.kernel()
            .multiply(
                panels,
                w0,
                count,
                chunks,
                x.data(),
                x.strideBytes(),
                first * Float.BYTES,
                rows,
                position,
                to - 1,
                y.data(),
                y.strideBytes(),
                yBytes);
        position += tile.rows();
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

  private static int firstAtLeast(int row, int[] rows, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows[middle] < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
