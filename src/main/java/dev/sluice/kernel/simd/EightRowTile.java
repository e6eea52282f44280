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

/// 8 rows by a pair of vectors: 16 accumulators, 2 loads of weights and 8 broadcasts a step, enough work for each row that comes from the
/// second-level cache; and 16 sums of chunks, for which C2 finds a place outside of the inner loop. For 32 vector registers, and for products
/// alone: with sums that begin in memory the method is too large for C1 (JDK: "out of virtual registers").
final class EightRowTile implements RowTile {
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
    int r2 = rows[Math.min(position + 2, last)];
    int r3 = rows[Math.min(position + 3, last)];
    int r4 = rows[Math.min(position + 4, last)];
    int r5 = rows[Math.min(position + 5, last)];
    int r6 = rows[Math.min(position + 6, last)];
    int r7 = rows[Math.min(position + 7, last)];
    long x0 = (long) r0 * xStrideBytes + xBytes;
    long x1 = (long) r1 * xStrideBytes + xBytes;
    long x2 = (long) r2 * xStrideBytes + xBytes;
    long x3 = (long) r3 * xStrideBytes + xBytes;
    long x4 = (long) r4 * xStrideBytes + xBytes;
    long x5 = (long) r5 * xStrideBytes + xBytes;
    long x6 = (long) r6 * xStrideBytes + xBytes;
    long x7 = (long) r7 * xStrideBytes + xBytes;
    long y0 = (long) r0 * yStrideBytes + yBytes;
    long y1 = (long) r1 * yStrideBytes + yBytes;
    long y2 = (long) r2 * yStrideBytes + yBytes;
    long y3 = (long) r3 * yStrideBytes + yBytes;
    long y4 = (long) r4 * yStrideBytes + yBytes;
    long y5 = (long) r5 * yStrideBytes + yBytes;
    long y6 = (long) r6 * yStrideBytes + yBytes;
    long y7 = (long) r7 * yStrideBytes + yBytes;
    FloatVector s0 = ForwardSums.start(FLOATS, y, y0);
    FloatVector t0 = ForwardSums.start(FLOATS, y, y0 + UPPER_Y_BYTES);
    FloatVector s1 = ForwardSums.start(FLOATS, y, y1);
    FloatVector t1 = ForwardSums.start(FLOATS, y, y1 + UPPER_Y_BYTES);
    FloatVector s2 = ForwardSums.start(FLOATS, y, y2);
    FloatVector t2 = ForwardSums.start(FLOATS, y, y2 + UPPER_Y_BYTES);
    FloatVector s3 = ForwardSums.start(FLOATS, y, y3);
    FloatVector t3 = ForwardSums.start(FLOATS, y, y3 + UPPER_Y_BYTES);
    FloatVector s4 = ForwardSums.start(FLOATS, y, y4);
    FloatVector t4 = ForwardSums.start(FLOATS, y, y4 + UPPER_Y_BYTES);
    FloatVector s5 = ForwardSums.start(FLOATS, y, y5);
    FloatVector t5 = ForwardSums.start(FLOATS, y, y5 + UPPER_Y_BYTES);
    FloatVector s6 = ForwardSums.start(FLOATS, y, y6);
    FloatVector t6 = ForwardSums.start(FLOATS, y, y6 + UPPER_Y_BYTES);
    FloatVector s7 = ForwardSums.start(FLOATS, y, y7);
    FloatVector t7 = ForwardSums.start(FLOATS, y, y7 + UPPER_Y_BYTES);
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int chunk = 1; chunk <= chunks; chunk++) {
      int start = (chunk - 1) * chunkInputs;
      int steps = chunk < chunks ? chunkInputs : count - start;
      long w1 = w0 + (long) start * INPUT_BYTES;
      long first = (long) start * Float.BYTES;
      FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
      FloatVector a2 = zero, b2 = zero, a3 = zero, b3 = zero;
      FloatVector a4 = zero, b4 = zero, a5 = zero, b5 = zero;
      FloatVector a6 = zero, b6 = zero, a7 = zero, b7 = zero;
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
        v = broadcast(FLOATS, x.get(FLOAT, x2 + offset));
        a2 = v.lanewise(FMA, wa, a2);
        b2 = v.lanewise(FMA, wb, b2);
        v = broadcast(FLOATS, x.get(FLOAT, x3 + offset));
        a3 = v.lanewise(FMA, wa, a3);
        b3 = v.lanewise(FMA, wb, b3);
        v = broadcast(FLOATS, x.get(FLOAT, x4 + offset));
        a4 = v.lanewise(FMA, wa, a4);
        b4 = v.lanewise(FMA, wb, b4);
        v = broadcast(FLOATS, x.get(FLOAT, x5 + offset));
        a5 = v.lanewise(FMA, wa, a5);
        b5 = v.lanewise(FMA, wb, b5);
        v = broadcast(FLOATS, x.get(FLOAT, x6 + offset));
        a6 = v.lanewise(FMA, wa, a6);
        b6 = v.lanewise(FMA, wb, b6);
        v = broadcast(FLOATS, x.get(FLOAT, x7 + offset));
        a7 = v.lanewise(FMA, wa, a7);
        b7 = v.lanewise(FMA, wb, b7);
      }
      s0 = s0.lanewise(ADD, a0);
      t0 = t0.lanewise(ADD, b0);
      s1 = s1.lanewise(ADD, a1);
      t1 = t1.lanewise(ADD, b1);
      s2 = s2.lanewise(ADD, a2);
      t2 = t2.lanewise(ADD, b2);
      s3 = s3.lanewise(ADD, a3);
      t3 = t3.lanewise(ADD, b3);
      s4 = s4.lanewise(ADD, a4);
      t4 = t4.lanewise(ADD, b4);
      s5 = s5.lanewise(ADD, a5);
      t5 = t5.lanewise(ADD, b5);
      s6 = s6.lanewise(ADD, a6);
      t6 = t6.lanewise(ADD, b6);
      s7 = s7.lanewise(ADD, a7);
      t7 = t7.lanewise(ADD, b7);
    }
    s0.intoMemorySegment(y, y0, LITTLE_ENDIAN);
    t0.intoMemorySegment(y, y0 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s1.intoMemorySegment(y, y1, LITTLE_ENDIAN);
    t1.intoMemorySegment(y, y1 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s2.intoMemorySegment(y, y2, LITTLE_ENDIAN);
    t2.intoMemorySegment(y, y2 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s3.intoMemorySegment(y, y3, LITTLE_ENDIAN);
    t3.intoMemorySegment(y, y3 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s4.intoMemorySegment(y, y4, LITTLE_ENDIAN);
    t4.intoMemorySegment(y, y4 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s5.intoMemorySegment(y, y5, LITTLE_ENDIAN);
    t5.intoMemorySegment(y, y5 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s6.intoMemorySegment(y, y6, LITTLE_ENDIAN);
    t6.intoMemorySegment(y, y6 + UPPER_Y_BYTES, LITTLE_ENDIAN);
    s7.intoMemorySegment(y, y7, LITTLE_ENDIAN);
    t7.intoMemorySegment(y, y7 + UPPER_Y_BYTES, LITTLE_ENDIAN);
  }
}
