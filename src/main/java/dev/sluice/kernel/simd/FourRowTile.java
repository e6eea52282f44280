package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.FMA;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 4 rows by a pair of vectors: what 16 vector registers hold.
final class FourRowTile implements RowTile {
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
    int r1 = rows[Math.min(position + 1, last)];
    int r2 = rows[Math.min(position + 2, last)];
    int r3 = rows[Math.min(position + 3, last)];
    long x0 = r0 * xStrideBytes + xBytes;
    long x1 = r1 * xStrideBytes + xBytes;
    long x2 = r2 * xStrideBytes + xBytes;
    long x3 = r3 * xStrideBytes + xBytes;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    FloatVector a2 = zero, b2 = zero, a3 = zero, b3 = zero;
    for (int step = 0; step < steps; step++) {
      long at = w0 + (long) step * INPUT_BYTES;
      long offset = (long) step * Float.BYTES;
      FloatVector wa = F32Weights.lower(FLOATS, INTS, BYTES, w, at);
      FloatVector wb = F32Weights.upper(FLOATS, INTS, BYTES, w, at, UPPER_BYTES, UPPER_PART);
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, x0 + offset));
      a0 = v.lanewise(FMA, wa, a0);
      b0 = v.lanewise(FMA, wb, b0);
      v = broadcast(FLOATS, x.get(FLOAT, x1 + offset));
      a1 = v.lanewise(FMA, wa, a1);
      b1 = v.lanewise(FMA, wb, b1);
      v = broadcast(FLOATS, x.get(FLOAT, x2 + offset));
      a2 = v.lanewise(FMA, wa, a2);
      b2 = v.lanewise(FMA, wb, b2);
      v = broadcast(FLOATS, x.get(FLOAT, x3 + offset));
      a3 = v.lanewise(FMA, wa, a3);
      b3 = v.lanewise(FMA, wb, b3);
    }
    MemorySegment y = OffHeap.of(output);
    long y0 = r0 * yStrideBytes + yBytes;
    long y1 = r1 * yStrideBytes + yBytes;
    long y2 = r2 * yStrideBytes + yBytes;
    long y3 = r3 * yStrideBytes + yBytes;
    a0 = FreshSums.finish(FLOATS, a0, y, y0);
    b0 = FreshSums.finish(FLOATS, b0, y, y0 + UPPER_Y_BYTES);
    a1 = FreshSums.finish(FLOATS, a1, y, y1);
    b1 = FreshSums.finish(FLOATS, b1, y, y1 + UPPER_Y_BYTES);
    a2 = FreshSums.finish(FLOATS, a2, y, y2);
    b2 = FreshSums.finish(FLOATS, b2, y, y2 + UPPER_Y_BYTES);
    a3 = FreshSums.finish(FLOATS, a3, y, y3);
    b3 = FreshSums.finish(FLOATS, b3, y, y3 + UPPER_Y_BYTES);
    a0.intoMemorySegment(y, y0, LITTLE_ENDIAN);
    b0.intoMemorySegment(y, y0 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    a1.intoMemorySegment(y, y1, LITTLE_ENDIAN);
    b1.intoMemorySegment(y, y1 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    a2.intoMemorySegment(y, y2, LITTLE_ENDIAN);
    b2.intoMemorySegment(y, y2 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    a3.intoMemorySegment(y, y3, LITTLE_ENDIAN);
    b3.intoMemorySegment(y, y3 + UPPER_Y_BYTES, LITTLE_ENDIAN);
  }
}
