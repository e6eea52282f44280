package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// One row, blocks side by side: four, two or one, times a pair of vectors of units. [WithBias] says what becomes of the sums.
final class SimdBlocksMatVec implements BlocksKernel {
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
  public void multiply(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      int[] list,
      int first,
      int end,
      int[] open,
      int from,
      int to,
      MemorySegment y) {
    for (int pair = 0; pair < PAIRS; pair++) {
      int position = from;
      for (; position + 4 <= to; position += 4) {
        fourBlocks(w, open, position, pair, x, list, first, end, bias, y);
      }
      for (; position + 2 <= to; position += 2) {
        twoBlocks(w, open, position, pair, x, list, first, end, bias, y);
      }
      for (; position < to; position++) {
        oneBlock(w, open, position, pair, x, list, first, end, bias, y);
      }
    }
  }

  private static void fourBlocks(
      Panels panels,
      int[] open,
      int position,
      int pair,
      MemorySegment input,
      int[] list,
      int first,
      int end,
      MemorySegment bias,
      MemorySegment output) {
    long w0 = panelBytes(panels, open[position], pair);
    long w1 = panelBytes(panels, open[position + 1], pair);
    long w2 = panelBytes(panels, open[position + 2], pair);
    long w3 = panelBytes(panels, open[position + 3], pair);
    MemorySegment w = OffHeap.of(panels.segment());
    MemorySegment x = OffHeap.of(input);
    FloatVector a0 = FloatVector.zero(FLOATS), b0 = a0, a1 = a0, b1 = a0;
    FloatVector a2 = a0, b2 = a0, a3 = a0, b3 = a0;
    for (int i = first; i < end; i++) {
      int k = AllInputs.index(list, i);
      long at = (long) k * INPUT_BYTES;
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, (long) k * Float.BYTES));
      a0 = v.lanewise(FMA, lower(w, w0 + at), a0);
      b0 = v.lanewise(FMA, upper(w, w0 + at), b0);
      a1 = v.lanewise(FMA, lower(w, w1 + at), a1);
      b1 = v.lanewise(FMA, upper(w, w1 + at), b1);
      a2 = v.lanewise(FMA, lower(w, w2 + at), a2);
      b2 = v.lanewise(FMA, upper(w, w2 + at), b2);
      a3 = v.lanewise(FMA, lower(w, w3 + at), a3);
      b3 = v.lanewise(FMA, upper(w, w3 + at), b3);
    }
    MemorySegment scales = OffHeap.of(panels.scales());
    MemorySegment biases = OffHeap.of(bias);
    MemorySegment y = OffHeap.of(output);
    leavePair(a0, b0, scales, biases, y, yBytes(open[position], pair));
    leavePair(a1, b1, scales, biases, y, yBytes(open[position + 1], pair));
    leavePair(a2, b2, scales, biases, y, yBytes(open[position + 2], pair));
    leavePair(a3, b3, scales, biases, y, yBytes(open[position + 3], pair));
  }

  private static void twoBlocks(
      Panels panels,
      int[] open,
      int position,
      int pair,
      MemorySegment input,
      int[] list,
      int first,
      int end,
      MemorySegment bias,
      MemorySegment output) {
    long w0 = panelBytes(panels, open[position], pair);
    long w1 = panelBytes(panels, open[position + 1], pair);
    MemorySegment w = OffHeap.of(panels.segment());
    MemorySegment x = OffHeap.of(input);
    FloatVector a0 = FloatVector.zero(FLOATS), b0 = a0, a1 = a0, b1 = a0;
    for (int i = first; i < end; i++) {
      int k = AllInputs.index(list, i);
      long at = (long) k * INPUT_BYTES;
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, (long) k * Float.BYTES));
      a0 = v.lanewise(FMA, lower(w, w0 + at), a0);
      b0 = v.lanewise(FMA, upper(w, w0 + at), b0);
      a1 = v.lanewise(FMA, lower(w, w1 + at), a1);
      b1 = v.lanewise(FMA, upper(w, w1 + at), b1);
    }
    MemorySegment scales = OffHeap.of(panels.scales());
    MemorySegment biases = OffHeap.of(bias);
    MemorySegment y = OffHeap.of(output);
    leavePair(a0, b0, scales, biases, y, yBytes(open[position], pair));
    leavePair(a1, b1, scales, biases, y, yBytes(open[position + 1], pair));
  }

  private static void oneBlock(
      Panels panels,
      int[] open,
      int position,
      int pair,
      MemorySegment input,
      int[] list,
      int first,
      int end,
      MemorySegment bias,
      MemorySegment output) {
    long w0 = panelBytes(panels, open[position], pair);
    MemorySegment w = OffHeap.of(panels.segment());
    MemorySegment x = OffHeap.of(input);
    FloatVector a0 = FloatVector.zero(FLOATS), b0 = a0;
    for (int i = first; i < end; i++) {
      int k = AllInputs.index(list, i);
      long at = (long) k * INPUT_BYTES;
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, (long) k * Float.BYTES));
      a0 = v.lanewise(FMA, lower(w, w0 + at), a0);
      b0 = v.lanewise(FMA, upper(w, w0 + at), b0);
    }
    MemorySegment scales = OffHeap.of(panels.scales());
    MemorySegment biases = OffHeap.of(bias);
    MemorySegment y = OffHeap.of(output);
    leavePair(a0, b0, scales, biases, y, yBytes(open[position], pair));
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

  @Inlined
  private static void leavePair(
      FloatVector lower,
      FloatVector upper,
      MemorySegment scales,
      MemorySegment bias,
      MemorySegment y,
      long at) {
    WithBias.end(FLOATS, lower, scales, bias, y, at).intoMemorySegment(y, at, LITTLE_ENDIAN);
    WithBias.end(FLOATS, upper, scales, bias, y, at + UPPER_Y_BYTES)
        .intoMemorySegment(y, at + UPPER_Y_BYTES, LITTLE_ENDIAN);
  }
}
