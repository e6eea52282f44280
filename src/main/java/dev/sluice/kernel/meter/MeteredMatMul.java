package dev.sluice.kernel.meter;

import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

/// Products of batches, metered.
record MeteredMatMul(MatMulKernels counted, FlopMeter meter) implements MatMulKernels {
  @Override
  public int rowsComputed(int rows, boolean addsSums) {
    return counted.rowsComputed(rows, addsSums);
  }

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
    Metering metering = Metering.begin(meter, w);
    counted.gatedMatMul(w, bias, x, groups, block, from, to, y);
    int inputs = w.layout().inputs();
    long blockSize = w.layout().blockSize();
    int rows = to - from;
    long computed = rowsComputed(rows, SummationOrder.isCut(inputs));
    long chunks = MeteredMatVec.chunksUpTo(inputs - 1, inputs);
    metering.end(
        blockSize,
        Metering.paddingLanes(w.layout(), block),
        computed * blockSize * chunks,
        rows * blockSize,
        (computed - rows) * blockSize * inputs);
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
    Metering metering = Metering.begin(meter, transposed);
    counted.inputGrad(transposed, dy, groups, unitBlockSize, inputBlock, fromRow, toRow, dx);
    long blockSize = transposed.layout().blockSize();
    int together = groups.isDense() ? groups.blocks() : 1;
    int units = together * unitBlockSize;
    long chunks = groups.isDense() ? MeteredMatVec.chunksUpTo(units - 1, units) : 1;
    long sums = 0;
    long repeated = 0;
    for (int unitBlock = 0; unitBlock < groups.blocks(); unitBlock += together) {
      int rows = rowsIn(groups, unitBlock, fromRow, toRow);
      int computed = rowsComputed(rows, true);
      sums += computed * blockSize * chunks;
      repeated += (computed - rows) * blockSize * units;
    }
    long paddingLanes = Metering.paddingLanes(transposed.layout(), inputBlock);
    metering.end(blockSize, paddingLanes, sums, 0, repeated);
  }

  private static int rowsIn(RowGroups groups, int block, int fromRow, int toRow) {
    int rows = 0;
    for (int position = groups.from(block); position < groups.to(block); position++) {
      int row = groups.rows()[position];
      rows += row >= fromRow && row < toRow ? 1 : 0;
    }
    return rows;
  }
}
