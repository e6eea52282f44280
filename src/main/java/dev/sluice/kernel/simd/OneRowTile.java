package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.FMA;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 1 row by a pair of vectors.
final class OneRowTile implements RowTile {
  private static final WidthTemplate.Shape SHAPE = WidthTemplate.shapeOf(MethodHandles.lookup());
  private static final VectorSpecies<Float> FLOATS = SHAPE.floats();
  private static final VectorSpecies<Integer> INTS = SHAPE.ints();
  private static final VectorSpecies<Byte> BYTES = SHAPE.bytes();
  private static final int INPUT_BYTES = SHAPE.inputBytes();
  private static final int UPPER_BYTES = SHAPE.upperBytes();
  private static final int UPPER_PART = SHAPE.upperPart();
  private static final int UPPER_Y_BYTES = SHAPE.upperUnits() * Float.BYTES;

  @Override
  public void multiply(
      MemorySegment panels,
      long w0,
      int steps,
      MemorySegment input,
      long xStrideBytes,
      long xBytes,
      int[] rows,
      int position,
      int last,
      MemorySegment output,
      long yStrideBytes,
      long yBytes) {
    MemorySegment w = OffHeap.of(panels);
    MemorySegment x = OffHeap.of(input);
    int r0 = rows[position];
    long x0 = r0 * xStrideBytes + xBytes;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector a0 = zero, b0 = zero;
    for (int step = 0; step < steps; step++) {
      long at = w0 + (long) step * INPUT_BYTES;
      long offset = (long) step * Float.BYTES;
      FloatVector wa = F32Weights.lower(FLOATS, INTS, BYTES, w, at);
      FloatVector wb = F32Weights.upper(FLOATS, INTS, BYTES, w, at, UPPER_BYTES, UPPER_PART);
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, x0 + offset));
      a0 = v.lanewise(FMA, wa, a0);
      b0 = v.lanewise(FMA, wb, b0);
    }
    MemorySegment y = OffHeap.of(output);
    long y0 = r0 * yStrideBytes + yBytes;
    a0 = FreshSums.finish(FLOATS, a0, y, y0);
    b0 = FreshSums.finish(FLOATS, b0, y, y0 + UPPER_Y_BYTES);
    a0.intoMemorySegment(y, y0, LITTLE_ENDIAN);
    b0.intoMemorySegment(y, y0 + UPPER_Y_BYTES, LITTLE_ENDIAN);
  }
}
