package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.FMA;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Some rows by a pair of vectors: with 8 rows 16 accumulators, 2 loads of weights and 8 broadcasts a step, enough work for each row that comes from the
/// second-level cache. Written for one row, loaded for as many as the tile has.
final class SimdRowTile implements RowTile {
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
    MemorySegment y = OffHeap.of(output);
    FloatVector zero = FloatVector.zero(FLOATS);
    Copies.begin();
    int row = rows[Math.min(position + Copies.index(), last)];
    long xAt = row * xStrideBytes + xBytes;
    long yAt = row * yStrideBytes + yBytes;
    FloatVector a = zero, b = zero;
    Copies.end();
    for (int step = 0; step < steps; step++) {
      long at = w0 + (long) step * INPUT_BYTES;
      long offset = (long) step * Float.BYTES;
      FloatVector lower = F32Weights.lower(FLOATS, INTS, BYTES, w, at);
      FloatVector upper = F32Weights.upper(FLOATS, INTS, BYTES, w, at, UPPER_BYTES, UPPER_PART);
      Copies.begin();
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, xAt + offset));
      a = v.lanewise(FMA, lower, a);
      b = v.lanewise(FMA, upper, b);
      Copies.end();
    }
    Copies.begin();
    a = FreshSums.finish(FLOATS, a, y, yAt);
    b = FreshSums.finish(FLOATS, b, y, yAt + UPPER_Y_BYTES);
    Copies.end();
    // Stored when all are computed: a repeated row has been read before it is written.
    Copies.begin();
    a.intoMemorySegment(y, yAt, LITTLE_ENDIAN);
    b.intoMemorySegment(y, yAt + UPPER_Y_BYTES, LITTLE_ENDIAN);
    Copies.end();
  }
}
