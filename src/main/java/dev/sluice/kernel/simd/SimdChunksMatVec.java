package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// One row, four chunks of inputs side by side, added to what is there. A pair of vectors of units times four chunks is eight accumulators, which hide
/// the latency of the fused multiply-add.
final class SimdChunksMatVec implements ChunksKernel {
  private static final WidthTemplate.Shape SHAPE = WidthTemplate.shapeOf(MethodHandles.lookup());
  private static final VectorSpecies<Float> FLOATS = SHAPE.floats();
  private static final VectorSpecies<Integer> INTS = SHAPE.ints();
  private static final VectorSpecies<Byte> BYTES = SHAPE.bytes();
  private static final int PAIRS = SHAPE.pairs();

  /// Of panels: from one input of a block to the next, from pair to pair, and within a pair.
  private static final int INPUT_BYTES = SHAPE.inputBytes();

  private static final int PAIR_BYTES = SHAPE.pairBytes();
  private static final int UPPER_BYTES = SHAPE.upperBytes();
  private static final int UPPER_PART = SHAPE.upperPart();

  /// The same of outputs.
  private static final int BLOCK_Y_BYTES = SHAPE.blockSize() * Float.BYTES;

  private static final int PAIR_Y_BYTES = SHAPE.pairUnits() * Float.BYTES;
  private static final int UPPER_Y_BYTES = SHAPE.upperUnits() * Float.BYTES;

  @Override
  public void addFourChunks(
      Panels w,
      MemorySegment x,
      int first,
      int chunkInputs,
      int[] open,
      int from,
      int to,
      MemorySegment y) {
    for (int position = from; position < to; position++) {
      for (int pair = 0; pair < PAIRS; pair++) {
        onePair(w, open[position], pair, x, first, chunkInputs, y);
      }
    }
  }

  private static void onePair(
      Panels panels,
      int block,
      int pair,
      MemorySegment input,
      int first,
      int chunkInputs,
      MemorySegment output) {
    long chunkBytes = (long) chunkInputs * INPUT_BYTES;
    long chunkXBytes = (long) chunkInputs * Float.BYTES;
    long w0 = panelBytes(panels, block, pair) + (long) first * INPUT_BYTES;
    long w1 = w0 + chunkBytes, w2 = w1 + chunkBytes, w3 = w2 + chunkBytes;
    long x0 = (long) first * Float.BYTES;
    long x1 = x0 + chunkXBytes, x2 = x1 + chunkXBytes, x3 = x2 + chunkXBytes;
    MemorySegment w = OffHeap.of(panels.segment());
    MemorySegment x = OffHeap.of(input);
    FloatVector a0 = FloatVector.zero(FLOATS), b0 = a0, a1 = a0, b1 = a0;
    FloatVector a2 = a0, b2 = a0, a3 = a0, b3 = a0;
    for (int k = 0; k < chunkInputs; k++) {
      long at = (long) k * INPUT_BYTES;
      long xAt = (long) k * Float.BYTES;
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, x0 + xAt));
      a0 = v.lanewise(FMA, lower(w, w0 + at), a0);
      b0 = v.lanewise(FMA, upper(w, w0 + at), b0);
      v = broadcast(FLOATS, x.get(FLOAT, x1 + xAt));
      a1 = v.lanewise(FMA, lower(w, w1 + at), a1);
      b1 = v.lanewise(FMA, upper(w, w1 + at), b1);
      v = broadcast(FLOATS, x.get(FLOAT, x2 + xAt));
      a2 = v.lanewise(FMA, lower(w, w2 + at), a2);
      b2 = v.lanewise(FMA, upper(w, w2 + at), b2);
      v = broadcast(FLOATS, x.get(FLOAT, x3 + xAt));
      a3 = v.lanewise(FMA, lower(w, w3 + at), a3);
      b3 = v.lanewise(FMA, upper(w, w3 + at), b3);
    }
    MemorySegment y = OffHeap.of(output);
    long at = yBytes(block, pair);
    fromMemorySegment(FLOATS, y, at, LITTLE_ENDIAN)
        .lanewise(ADD, a0)
        .lanewise(ADD, a1)
        .lanewise(ADD, a2)
        .lanewise(ADD, a3)
        .intoMemorySegment(y, at, LITTLE_ENDIAN);
    fromMemorySegment(FLOATS, y, at + UPPER_Y_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b0)
        .lanewise(ADD, b1)
        .lanewise(ADD, b2)
        .lanewise(ADD, b3)
        .intoMemorySegment(y, at + UPPER_Y_BYTES, LITTLE_ENDIAN);
  }

  /// Offset in bytes of a pair of a block in all panels.
  private static long panelBytes(Panels w, int block, int pair) {
    return w.layout().panelOffsetBytes(block) + pair * PAIR_BYTES;
  }

  /// Offset in bytes of a pair of a block among all outputs.
  private static int yBytes(int block, int pair) {
    return block * BLOCK_Y_BYTES + pair * PAIR_Y_BYTES;
  }

  @Inlined
  private static FloatVector lower(MemorySegment w, long at) {
    return F32Weights.lower(FLOATS, INTS, BYTES, w, at);
  }

  @Inlined
  private static FloatVector upper(MemorySegment w, long at) {
    return F32Weights.upper(FLOATS, INTS, BYTES, w, at, UPPER_BYTES, UPPER_PART);
  }
}
