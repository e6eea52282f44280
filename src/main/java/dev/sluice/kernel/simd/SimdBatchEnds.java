package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Beginning and end of a batch's sums.
final class SimdBatchEnds implements BatchEnds {
  private static final WidthTemplate.Shape SHAPE = WidthTemplate.shapeOf(MethodHandles.lookup());
  private static final VectorSpecies<Float> FLOATS = SHAPE.floats();
  private static final int BLOCK_Y_BYTES = SHAPE.blockSize() * Float.BYTES;

  @Override
  public void clear(int block, int[] rows, int from, int to, Matrix output) {
    MemorySegment y = OffHeap.of(output.data());
    int strideBytes = output.strideBytes();
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int position = from; position < to; position++) {
      long at = (long) rows[position] * strideBytes + (long) block * BLOCK_Y_BYTES;
      for (int vector = 0; vector < BLOCK_Y_BYTES; vector += FLOATS.vectorByteSize()) {
        zero.intoMemorySegment(y, at + vector, LITTLE_ENDIAN);
      }
    }
  }

  @Override
  public void addBias(
      Panels w, MemorySegment unitBias, int block, int[] rows, int from, int to, Matrix output) {
    MemorySegment bias = OffHeap.of(unitBias);
    MemorySegment scales = OffHeap.of(w.scales());
    MemorySegment y = OffHeap.of(output.data());
    int strideBytes = output.strideBytes();
    for (int position = from; position < to; position++) {
      long row = (long) rows[position] * strideBytes;
      for (int vector = 0; vector < BLOCK_Y_BYTES; vector += FLOATS.vectorByteSize()) {
        long unit = (long) block * BLOCK_Y_BYTES + vector;
        FloatVector sum = fromMemorySegment(FLOATS, y, row + unit, LITTLE_ENDIAN);
        UnscaledSums.withBias(FLOATS, sum, scales, bias, unit)
            .intoMemorySegment(y, row + unit, LITTLE_ENDIAN);
      }
    }
  }
}
