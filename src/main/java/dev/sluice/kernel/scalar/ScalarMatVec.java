package dev.sluice.kernel.scalar;

import static dev.sluice.memory.AlignedMemory.FLOAT;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.ScalarMath;
import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;

final class ScalarMatVec implements MatVecKernels {
  @Override
  public void gatedMatVec(
      Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y) {
    PanelLayout layout = w.layout();
    for (int position = 0; position < blocks.count(); position++) {
      int block = blocks.index(position);
      for (int lane = 0; lane < layout.blockSize(); lane++) {
        float sum = 0f;
        int k = 0;
        while (k < layout.inputs()) {
          int end = SummationOrder.chunkEnd(k, layout.inputs());
          float chunkSum = 0f;
          for (; k < end; k++) {
            float weight = w.stored(block * layout.blockSize() + lane, k);
            chunkSum = Math.fma(at(x, k), weight, chunkSum);
          }
          sum += chunkSum;
        }
        put(w, bias, y, block * layout.blockSize() + lane, sum);
      }
    }
  }

  @Override
  public void gatedMatVec(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet inputs,
      ActiveSet blocks,
      MemorySegment y) {
    PanelLayout layout = w.layout();
    for (int position = 0; position < blocks.count(); position++) {
      int block = blocks.index(position);
      for (int lane = 0; lane < layout.blockSize(); lane++) {
        float sum = 0f;
        int next = 0;
        int end = 0;
        while (next < inputs.count()) {
          end = SummationOrder.chunkEnd(end, layout.inputs());
          float chunkSum = 0f;
          for (; next < inputs.count() && inputs.index(next) < end; next++) {
            int k = inputs.index(next);
            float weight = w.stored(block * layout.blockSize() + lane, k);
            chunkSum = Math.fma(at(x, k), weight, chunkSum);
          }
          sum += chunkSum;
        }
        put(w, bias, y, block * layout.blockSize() + lane, sum);
      }
    }
  }

  private static float at(MemorySegment vector, int index) {
    return vector.get(FLOAT, (long) index * Float.BYTES);
  }

  private static void put(Panels w, MemorySegment bias, MemorySegment y, int unit, float sum) {
    y.set(FLOAT, (long) unit * Float.BYTES, ScalarMath.withBias(w, sum, bias, unit));
  }
}
