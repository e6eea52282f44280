package dev.sluice.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Beginning and end of a row's sums.
final class SimdRowEnds implements RowEnds {
  private static final WidthTemplate.Shape SHAPE = WidthTemplate.shapeOf(MethodHandles.lookup());
  private static final VectorSpecies<Float> FLOATS = SHAPE.floats();
  private static final int VECTOR_BYTES = FLOATS.vectorByteSize();
  private static final int BLOCK_Y_BYTES = SHAPE.blockSize() * Float.BYTES;

  @Override
  public void clear(int[] open, int count, MemorySegment output) {
    MemorySegment y = OffHeap.of(output);
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int position = 0; position < count; position++) {
      long at = (long) open[position] * BLOCK_Y_BYTES;
      for (int vector = 0; vector < BLOCK_Y_BYTES; vector += VECTOR_BYTES) {
        zero.intoMemorySegment(y, at + vector, LITTLE_ENDIAN);
      }
    }
  }

  @Override
  public void addBias(
      Panels w, MemorySegment unitBias, int[] open, int count, MemorySegment output) {
    MemorySegment scales = OffHeap.of(w.scales());
    MemorySegment bias = OffHeap.of(unitBias);
    MemorySegment y = OffHeap.of(output);
    for (int position = 0; position < count; position++) {
      long block = (long) open[position] * BLOCK_Y_BYTES;
      for (int vector = 0; vector < BLOCK_Y_BYTES; vector += VECTOR_BYTES) {
        long at = block + vector;
        FloatVector sum = fromMemorySegment(FLOATS, y, at, LITTLE_ENDIAN);
        UnscaledSums.withBias(FLOATS, sum, scales, bias, at)
            .intoMemorySegment(y, at, LITTLE_ENDIAN);
      }
    }
  }
}
