package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.FMA;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// 2 rows by a pair of vectors.
final class TwoRowTile implements RowTile {
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
      int count,
      int chunks,
      MemorySegment input,
      int xStrideBytes,
      int xBytes,
      int[] rows,
      int position,
      int last,
      MemorySegment output,
      int yStrideBytes,
      int yBytes) {
    MemorySegment w = OffHeap.of(panels);
    MemorySegment x = OffHeap.of(input);
    MemorySegment y = OffHeap.of(output);
    int chunkInputs = count / chunks;
    int r0 = rows[position];
    int r1 = rows[Math.min(position + 1, last)];
    long x0 = (long) r0 * xStrideBytes + xBytes;
    long x1 = (long) r1 * xStrideBytes + xBytes;
    long y0 = (long) r0 * yStrideBytes + yBytes;
    long y1 = (long) r1 * yStrideBytes + yBytes;
    FloatVector s0 = ForwardSums.start(FLOATS, y, y0);
    FloatVector t0 = ForwardSums.start(FLOATS, y, y0 + UPPER_Y_BYTES);
    FloatVector s1 = ForwardSums.start(FLOATS, y, y1);
    FloatVector t1 = ForwardSums.start(FLOATS, y, y1 + UPPER_Y_BYTES);
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int chunk = 1; chunk <= chunks; chunk++) {
      int start = (chunk - 1) * chunkInputs;
      int steps = chunk < chunks ? chunkInputs : count - start;
      long w1 = w0 + (long) start * INPUT_BYTES;
      long first = (long) start * Float.BYTES;
      FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
      for (int step = 0; step < steps; step++) {
        long at = w1 + (long) step * INPUT_BYTES;
        long offset = first + (long) step * Float.BYTES;
        FloatVector wa = F32Weights.lower(FLOATS, INTS, BYTES, w, at);
        FloatVector wb = F32Weights.upper(FLOATS, INTS, BYTES, w, at, UPPER_BYTES, UPPER_PART);
        FloatVector v = broadcast(FLOATS, x.get(FLOAT, x0 + offset));
        a0 = v.lanewise(FMA, wa, a0);
        b0 = v.lanewise(FMA, wb, b0);
        v = broadcast(FLOATS, x.get(FLOAT, x1 + offset));
        a1 = v.lanewise(FMA, wa, a1);
        b1 = v.lanewise(FMA, wb, b1);
      }
      s0 = s0.lanewise(ADD, a0);
      t0 = t0.lanewise(ADD, b0);
      s1 = s1.lanewise(ADD, a1);
      t1 = t1.lanewise(ADD, b1);
    }
    s0.intoMemorySegment(y, y0, LITTLE_ENDIAN);
    t0.intoMemorySegment(y, y0 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s1.intoMemorySegment(y, y1, LITTLE_ENDIAN);
    t1.intoMemorySegment(y, y1 + UPPER_Y_BYTES, LITTLE_ENDIAN);
  }
}
