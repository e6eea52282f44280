package dev.sluice.kernel.scalar;

import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.ScalarMath;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

final class ScalarMatMul implements MatMulKernels {
  @Override
  public void gatedMatMul(
      Panels w,
      MemorySegment bias,
      Matrix x,
      RowGroups groups,
      int block,
      int from,
      int to,
      Matrix y) {
    PanelLayout layout = w.layout();
    for (int position = from; position < to; position++) {
      int row = groups.rows()[position];
      for (int lane = 0; lane < layout.blockSize(); lane++) {
        int unit = block * layout.blockSize() + lane;
        float sum = sum(w, block, lane, x, row, 0, layout.inputs(), true, 0f);
        y.set(row, unit, ScalarMath.withBias(w, sum, bias, unit));
      }
    }
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
    int blockSize = transposed.layout().blockSize();
    int together = groups.isDense() ? groups.blocks() : 1;
    for (int unitBlock = 0; unitBlock < groups.blocks(); unitBlock += together) {
      int first = unitBlock * unitBlockSize;
      for (int position = groups.from(unitBlock); position < groups.to(unitBlock); position++) {
        int row = groups.rows()[position];
        for (int lane = 0; row >= fromRow && row < toRow && lane < blockSize; lane++) {
          int input = inputBlock * blockSize + lane;
          int count = together * unitBlockSize;
          float before = dx.get(row, input);
          boolean cut = groups.isDense();
          dx.set(row, input, sum(transposed, inputBlock, lane, dy, row, first, count, cut, before));
        }
      }
    }
  }

  /// `before` and the sum over `count` inputs from `first` on.
  ///
  /// @param cut into chunks, or one chunk
  private static float sum(
      Panels w,
      int block,
      int lane,
      Matrix x,
      int row,
      int first,
      int count,
      boolean cut,
      float before) {
    int unit = block * w.layout().blockSize() + lane;
    float sum = before;
    int k = 0;
    while (k < count) {
      int end = cut ? SummationOrder.chunkEnd(k, count) : count;
      float chunkSum = 0f;
      for (; k < end; k++) {
        chunkSum = Math.fma(x.get(row, first + k), w.stored(unit, first + k), chunkSum);
      }
      sum += chunkSum;
    }
    return sum;
  }
}
