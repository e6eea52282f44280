package dev.sluice.kernel.scalar;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

final class ScalarWeightGrad implements WeightGradKernels {
  @Override
  public void weightGrad(
      Matrix x, Matrix dy, RowGroups groups, int block, Panels dw, MemorySegment dbias) {
    PanelLayout layout = dw.layout();
    int[] rows = groups.rows();
    for (int lane = 0; lane < layout.blockSize(); lane++) {
      int unit = block * layout.blockSize() + lane;
      for (int input = 0; input < layout.inputs(); input++) {
        float sum = 0f;
        for (int position = groups.from(block); position < groups.to(block); position++) {
          sum = Math.fma(x.get(rows[position], input), dy.get(rows[position], unit), sum);
        }
        dw.set(unit, input, sum);
      }
      float biasSum = 0f;
      for (int position = groups.from(block); position < groups.to(block); position++) {
        biasSum += dy.get(rows[position], unit);
      }
      dbias.set(FLOAT, (long) unit * Float.BYTES, biasSum);
    }
  }
}
