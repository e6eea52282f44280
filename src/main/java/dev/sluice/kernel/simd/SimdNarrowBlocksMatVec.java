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

/// One row, eight narrow blocks side by side, each as one vector: twice the width that [SimdBlocksMatVec] has for them.
final class SimdNarrowBlocksMatVec implements BlocksKernel {
  private static final WidthTemplate.Shape SHAPE = WidthTemplate.shapeOf(MethodHandles.lookup());
  private static final VectorSpecies<Float> FLOATS = SHAPE.floats();
  private static final VectorSpecies<Integer> INTS = SHAPE.ints();
  private static final VectorSpecies<Byte> BYTES = SHAPE.bytes();
  private static final int INPUT_BYTES = SHAPE.inputBytes();
  private static final int BLOCK_Y_BYTES = SHAPE.blockSize() * Float.BYTES;

  /// @param from, to as many positions as are multiples of eight
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
    for (int position = from; position + 8 <= to; position += 8) {
      eightBlocks(w, open, position, x, list, first, end, bias, y);
    }
  }

  private static void eightBlocks(
      Panels panels,
      int[] open,
      int position,
      MemorySegment input,
      int[] list,
      int first,
      int end,
      MemorySegment bias,
      MemorySegment output) {
    long w0 = panelBytes(panels, open[position]);
    long w1 = panelBytes(panels, open[position + 1]);
    long w2 = panelBytes(panels, open[position + 2]);
    long w3 = panelBytes(panels, open[position + 3]);
    long w4 = panelBytes(panels, open[position + 4]);
    long w5 = panelBytes(panels, open[position + 5]);
    long w6 = panelBytes(panels, open[position + 6]);
    long w7 = panelBytes(panels, open[position + 7]);
    MemorySegment w = OffHeap.of(panels.segment());
    MemorySegment x = OffHeap.of(input);
    FloatVector a0 = FloatVector.zero(FLOATS), a1 = a0, a2 = a0, a3 = a0;
    FloatVector a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    for (int i = first; i < end; i++) {
      int k = AllInputs.index(list, i);
      long at = (long) k * INPUT_BYTES;
      FloatVector v = broadcast(FLOATS, x.get(FLOAT, (long) k * Float.BYTES));
      a0 = v.lanewise(FMA, weights(w, w0 + at), a0);
      a1 = v.lanewise(FMA, weights(w, w1 + at), a1);
      a2 = v.lanewise(FMA, weights(w, w2 + at), a2);
      a3 = v.lanewise(FMA, weights(w, w3 + at), a3);
      a4 = v.lanewise(FMA, weights(w, w4 + at), a4);
      a5 = v.lanewise(FMA, weights(w, w5 + at), a5);
      a6 = v.lanewise(FMA, weights(w, w6 + at), a6);
      a7 = v.lanewise(FMA, weights(w, w7 + at), a7);
    }
    MemorySegment scales = OffHeap.of(panels.scales());
    MemorySegment biases = OffHeap.of(bias);
    MemorySegment y = OffHeap.of(output);
    leave(a0, scales, biases, y, (long) open[position] * BLOCK_Y_BYTES);
    leave(a1, scales, biases, y, (long) open[position + 1] * BLOCK_Y_BYTES);
    leave(a2, scales, biases, y, (long) open[position + 2] * BLOCK_Y_BYTES);
    leave(a3, scales, biases, y, (long) open[position + 3] * BLOCK_Y_BYTES);
    leave(a4, scales, biases, y, (long) open[position + 4] * BLOCK_Y_BYTES);
    leave(a5, scales, biases, y, (long) open[position + 5] * BLOCK_Y_BYTES);
    leave(a6, scales, biases, y, (long) open[position + 6] * BLOCK_Y_BYTES);
    leave(a7, scales, biases, y, (long) open[position + 7] * BLOCK_Y_BYTES);
  }

  private static long panelBytes(Panels w, int block) {
    return w.layout().panelOffsetBytes(block);
  }

  @Inlined
  private static FloatVector weights(MemorySegment w, long at) {
    return F32Weights.lower(FLOATS, INTS, BYTES, w, at);
  }

  @Inlined
  private static void leave(
      FloatVector sum, MemorySegment scales, MemorySegment bias, MemorySegment y, long at) {
    WithBias.end(FLOATS, sum, scales, bias, y, at).intoMemorySegment(y, at, LITTLE_ENDIAN);
  }
}
