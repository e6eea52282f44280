package dev.sluice.kernel.scalar;

import static dev.sluice.kernel.SummationOrder.CHUNK_INPUTS;

import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.ScalarMath;
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
        float sum = 0f;
        for (int chunk = 0; chunk < layout.inputs(); chunk += CHUNK_INPUTS) {
          int chunkEnd = Math.min(chunk + CHUNK_INPUTS, layout.inputs());
          sum += chunkSum(w, block, lane, x, row, chunk, chunkEnd);
        }
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
    int blocksPerChunk = groups.blocksPerChunk(unitBlockSize);
    for (int unitBlock = 0; unitBlock < groups.blocks(); unitBlock += blocksPerChunk) {
      int fromUnit = unitBlock * unitBlockSize;
      int toUnit = Math.min(unitBlock + blocksPerChunk, groups.blocks()) * unitBlockSize;
      for (int position = groups.from(unitBlock); position < groups.to(unitBlock); position++) {
        int row = groups.rows()[position];
        for (int lane = 0; row >= fromRow && row < toRow && lane < blockSize; lane++) {
          int input = inputBlock * blockSize + lane;
          float sum = chunkSum(transposed, inputBlock, lane, dy, row, fromUnit, toUnit);
          dx.set(row, input, dx.get(row, input) + sum);
        }
      }
    }
  }

  private static float chunkSum(
      Panels w, int block, int lane, Matrix x, int row, int from, int to) {
    int unit = block * w.layout().blockSize() + lane;
    float sum = 0f;
    for (int k = from; k < to; k++) {
      sum = Math.fma(x.get(row, k), w.stored(unit, k), sum);
    }
    return sum;
  }
}
