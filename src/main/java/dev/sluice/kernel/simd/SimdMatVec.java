package dev.sluice.kernel.simd;

import static dev.sluice.kernel.SummationOrder.CHUNK_INPUTS;
import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// One row. Eight accumulators hide the latency of the fused multiply-add: a pair of vectors of units times four blocks side by
/// side, or, where fewer than four blocks are left, times four chunks of inputs. Short products have not got four chunks: there two
/// blocks go side by side. Sums between chunks are kept in `y`, so that every hot loop has a small method of its own, which both
/// compilers take.
final class SimdMatVec implements MatVecKernels {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.speciesOf(MethodHandles.lookup());
  private static final int BLOCK_BYTES =
      WidthTemplate.blockSizeOf(MethodHandles.lookup()) * Float.BYTES;
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();
  private static final int PAIR_BYTES = 2 * VECTOR_BYTES;
  private static final int CHUNK_BYTES = CHUNK_INPUTS * BLOCK_BYTES;

  @Override
  public void gatedMatVec(
      Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y) {
    int inputs = w.layout().inputs();
    int[] open = blocks.indices();
    int count = blocks.count();
    int position = 0;
    for (; position + 4 <= count; position += 4) {
      for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
        clear(open, position, 4, pair, y);
        for (int from = 0; from < inputs; from += CHUNK_INPUTS) {
          int to = Math.min(from + CHUNK_INPUTS, inputs);
          fourBlocks(w, open, position, pair, x, from, to, y);
        }
        addBias(bias, open, position, 4, pair, y);
      }
    }
    for (; inputs < 4 * CHUNK_INPUTS && position + 2 <= count; position += 2) {
      for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
        clear(open, position, 2, pair, y);
        for (int from = 0; from < inputs; from += CHUNK_INPUTS) {
          int to = Math.min(from + CHUNK_INPUTS, inputs);
          twoBlocks(w, open, position, pair, x, from, to, y);
        }
        addBias(bias, open, position, 2, pair, y);
      }
    }
    for (; position < count; position++) {
      MemorySegment panel = w.block(open[position]);
      for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
        int unitBytes = open[position] * BLOCK_BYTES + pair;
        clear(open, position, 1, pair, y);
        int from = 0;
        for (; from + 4 * CHUNK_INPUTS <= inputs; from += 4 * CHUNK_INPUTS) {
          fourChunks(panel, pair, x, from, y, unitBytes);
        }
        for (; from < inputs; from += CHUNK_INPUTS) {
          oneChunk(panel, pair, x, from, Math.min(from + CHUNK_INPUTS, inputs), y, unitBytes);
        }
        addBias(bias, open, position, 1, pair, y);
      }
    }
  }

  @Override
  public void gatedMatVec(
      Panels w,
      MemorySegment bias,
      MemorySegment x,
      ActiveSet inputs,
      ActiveSet blocks,
      MemorySegment y) {
    int[] list = inputs.indices();
    int listCount = inputs.count();
    int[] open = blocks.indices();
    int count = blocks.count();
    int position = 0;
    for (; position + 4 <= count; position += 4) {
      for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
        clear(open, position, 4, pair, y);
        for (int from = 0; from < listCount; ) {
          int to = endOfChunk(list, from, listCount);
          fourBlocksListed(w, open, position, pair, x, list, from, to, y);
          from = to;
        }
        addBias(bias, open, position, 4, pair, y);
      }
    }
    for (; position < count; position++) {
      MemorySegment panel = w.block(open[position]);
      for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
        int unitBytes = open[position] * BLOCK_BYTES + pair;
        clear(open, position, 1, pair, y);
        for (int from = 0; from < listCount; ) {
          int to = endOfChunk(list, from, listCount);
          oneChunkListed(panel, pair, x, list, from, to, y, unitBytes);
          from = to;
        }
        addBias(bias, open, position, 1, pair, y);
      }
    }
  }

  /// Where the entries of `list` from `from` on leave the chunk they begin in.
  private static int endOfChunk(int[] list, int from, int listCount) {
    int firstOfNext = (list[from] / CHUNK_INPUTS + 1) * CHUNK_INPUTS;
    if (list[listCount - 1] < firstOfNext) {
      return listCount;
    }
    int to = from + 1;
    while (list[to] < firstOfNext) {
      to++;
    }
    return to;
  }

  private static void fourBlocks(
      Panels w,
      int[] open,
      int position,
      int pair,
      MemorySegment x,
      int from,
      int to,
      MemorySegment y) {
    MemorySegment w0 = w.block(open[position]);
    MemorySegment w1 = w.block(open[position + 1]);
    MemorySegment w2 = w.block(open[position + 2]);
    MemorySegment w3 = w.block(open[position + 3]);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector b0 = a0;
    FloatVector a1 = a0;
    FloatVector b1 = a0;
    FloatVector a2 = a0;
    FloatVector b2 = a0;
    FloatVector a3 = a0;
    FloatVector b3 = a0;
    for (int k = from; k < to; k++) {
      long at = (long) k * BLOCK_BYTES + pair;
      FloatVector input = broadcast(SPECIES, x.get(FLOAT, (long) k * Float.BYTES));
      a0 = input.lanewise(FMA, fromMemorySegment(SPECIES, w0, at, LITTLE_ENDIAN), a0);
      b0 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w0, at + VECTOR_BYTES, LITTLE_ENDIAN), b0);
      a1 = input.lanewise(FMA, fromMemorySegment(SPECIES, w1, at, LITTLE_ENDIAN), a1);
      b1 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w1, at + VECTOR_BYTES, LITTLE_ENDIAN), b1);
      a2 = input.lanewise(FMA, fromMemorySegment(SPECIES, w2, at, LITTLE_ENDIAN), a2);
      b2 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w2, at + VECTOR_BYTES, LITTLE_ENDIAN), b2);
      a3 = input.lanewise(FMA, fromMemorySegment(SPECIES, w3, at, LITTLE_ENDIAN), a3);
      b3 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w3, at + VECTOR_BYTES, LITTLE_ENDIAN), b3);
    }
    int y0 = open[position] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y0, LITTLE_ENDIAN)
        .lanewise(ADD, a0)
        .intoMemorySegment(y, y0, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y0 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b0)
        .intoMemorySegment(y, y0 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y1 = open[position + 1] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y1, LITTLE_ENDIAN)
        .lanewise(ADD, a1)
        .intoMemorySegment(y, y1, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y1 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b1)
        .intoMemorySegment(y, y1 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y2 = open[position + 2] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y2, LITTLE_ENDIAN)
        .lanewise(ADD, a2)
        .intoMemorySegment(y, y2, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y2 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b2)
        .intoMemorySegment(y, y2 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y3 = open[position + 3] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y3, LITTLE_ENDIAN)
        .lanewise(ADD, a3)
        .intoMemorySegment(y, y3, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y3 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b3)
        .intoMemorySegment(y, y3 + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void fourBlocksListed(
      Panels w,
      int[] open,
      int position,
      int pair,
      MemorySegment x,
      int[] list,
      int from,
      int to,
      MemorySegment y) {
    MemorySegment w0 = w.block(open[position]);
    MemorySegment w1 = w.block(open[position + 1]);
    MemorySegment w2 = w.block(open[position + 2]);
    MemorySegment w3 = w.block(open[position + 3]);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector b0 = a0;
    FloatVector a1 = a0;
    FloatVector b1 = a0;
    FloatVector a2 = a0;
    FloatVector b2 = a0;
    FloatVector a3 = a0;
    FloatVector b3 = a0;
    for (int i = from; i < to; i++) {
      long at = (long) list[i] * BLOCK_BYTES + pair;
      FloatVector input = broadcast(SPECIES, x.get(FLOAT, (long) list[i] * Float.BYTES));
      a0 = input.lanewise(FMA, fromMemorySegment(SPECIES, w0, at, LITTLE_ENDIAN), a0);
      b0 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w0, at + VECTOR_BYTES, LITTLE_ENDIAN), b0);
      a1 = input.lanewise(FMA, fromMemorySegment(SPECIES, w1, at, LITTLE_ENDIAN), a1);
      b1 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w1, at + VECTOR_BYTES, LITTLE_ENDIAN), b1);
      a2 = input.lanewise(FMA, fromMemorySegment(SPECIES, w2, at, LITTLE_ENDIAN), a2);
      b2 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w2, at + VECTOR_BYTES, LITTLE_ENDIAN), b2);
      a3 = input.lanewise(FMA, fromMemorySegment(SPECIES, w3, at, LITTLE_ENDIAN), a3);
      b3 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w3, at + VECTOR_BYTES, LITTLE_ENDIAN), b3);
    }
    int y0 = open[position] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y0, LITTLE_ENDIAN)
        .lanewise(ADD, a0)
        .intoMemorySegment(y, y0, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y0 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b0)
        .intoMemorySegment(y, y0 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y1 = open[position + 1] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y1, LITTLE_ENDIAN)
        .lanewise(ADD, a1)
        .intoMemorySegment(y, y1, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y1 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b1)
        .intoMemorySegment(y, y1 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y2 = open[position + 2] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y2, LITTLE_ENDIAN)
        .lanewise(ADD, a2)
        .intoMemorySegment(y, y2, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y2 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b2)
        .intoMemorySegment(y, y2 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y3 = open[position + 3] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y3, LITTLE_ENDIAN)
        .lanewise(ADD, a3)
        .intoMemorySegment(y, y3, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y3 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b3)
        .intoMemorySegment(y, y3 + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void twoBlocks(
      Panels w,
      int[] open,
      int position,
      int pair,
      MemorySegment x,
      int from,
      int to,
      MemorySegment y) {
    MemorySegment w0 = w.block(open[position]);
    MemorySegment w1 = w.block(open[position + 1]);
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector b0 = a0;
    FloatVector a1 = a0;
    FloatVector b1 = a0;
    for (int k = from; k < to; k++) {
      long at = (long) k * BLOCK_BYTES + pair;
      FloatVector input = broadcast(SPECIES, x.get(FLOAT, (long) k * Float.BYTES));
      a0 = input.lanewise(FMA, fromMemorySegment(SPECIES, w0, at, LITTLE_ENDIAN), a0);
      b0 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w0, at + VECTOR_BYTES, LITTLE_ENDIAN), b0);
      a1 = input.lanewise(FMA, fromMemorySegment(SPECIES, w1, at, LITTLE_ENDIAN), a1);
      b1 =
          input.lanewise(FMA, fromMemorySegment(SPECIES, w1, at + VECTOR_BYTES, LITTLE_ENDIAN), b1);
    }
    int y0 = open[position] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y0, LITTLE_ENDIAN)
        .lanewise(ADD, a0)
        .intoMemorySegment(y, y0, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y0 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b0)
        .intoMemorySegment(y, y0 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y1 = open[position + 1] * BLOCK_BYTES + pair;
    fromMemorySegment(SPECIES, y, y1, LITTLE_ENDIAN)
        .lanewise(ADD, a1)
        .intoMemorySegment(y, y1, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y1 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b1)
        .intoMemorySegment(y, y1 + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  /// Four whole chunks of one block side by side, added up in ascending order.
  private static void fourChunks(
      MemorySegment panel, int pair, MemorySegment x, int chunk, MemorySegment y, int unitBytes) {
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector b0 = a0;
    FloatVector a1 = a0;
    FloatVector b1 = a0;
    FloatVector a2 = a0;
    FloatVector b2 = a0;
    FloatVector a3 = a0;
    FloatVector b3 = a0;
    for (int k = chunk; k < chunk + CHUNK_INPUTS; k++) {
      long at = (long) k * BLOCK_BYTES + pair;
      long xAt = (long) k * Float.BYTES;
      FloatVector x0 = broadcast(SPECIES, x.get(FLOAT, xAt));
      a0 = x0.lanewise(FMA, fromMemorySegment(SPECIES, panel, at, LITTLE_ENDIAN), a0);
      b0 =
          x0.lanewise(FMA, fromMemorySegment(SPECIES, panel, at + VECTOR_BYTES, LITTLE_ENDIAN), b0);
      FloatVector x1 = broadcast(SPECIES, x.get(FLOAT, xAt + CHUNK_INPUTS * Float.BYTES));
      a1 = x1.lanewise(FMA, fromMemorySegment(SPECIES, panel, at + CHUNK_BYTES, LITTLE_ENDIAN), a1);
      b1 =
          x1.lanewise(
              FMA,
              fromMemorySegment(SPECIES, panel, at + CHUNK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN),
              b1);
      FloatVector x2 = broadcast(SPECIES, x.get(FLOAT, xAt + 2 * CHUNK_INPUTS * Float.BYTES));
      a2 =
          x2.lanewise(
              FMA, fromMemorySegment(SPECIES, panel, at + 2 * CHUNK_BYTES, LITTLE_ENDIAN), a2);
      b2 =
          x2.lanewise(
              FMA,
              fromMemorySegment(SPECIES, panel, at + 2 * CHUNK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN),
              b2);
      FloatVector x3 = broadcast(SPECIES, x.get(FLOAT, xAt + 3 * CHUNK_INPUTS * Float.BYTES));
      a3 =
          x3.lanewise(
              FMA, fromMemorySegment(SPECIES, panel, at + 3 * CHUNK_BYTES, LITTLE_ENDIAN), a3);
      b3 =
          x3.lanewise(
              FMA,
              fromMemorySegment(SPECIES, panel, at + 3 * CHUNK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN),
              b3);
    }
    fromMemorySegment(SPECIES, y, unitBytes, LITTLE_ENDIAN)
        .lanewise(ADD, a0)
        .lanewise(ADD, a1)
        .lanewise(ADD, a2)
        .lanewise(ADD, a3)
        .intoMemorySegment(y, unitBytes, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, unitBytes + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b0)
        .lanewise(ADD, b1)
        .lanewise(ADD, b2)
        .lanewise(ADD, b3)
        .intoMemorySegment(y, unitBytes + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void oneChunk(
      MemorySegment panel,
      int pair,
      MemorySegment x,
      int from,
      int to,
      MemorySegment y,
      int unitBytes) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int k = from; k < to; k++) {
      long at = (long) k * BLOCK_BYTES + pair;
      FloatVector input = broadcast(SPECIES, x.get(FLOAT, (long) k * Float.BYTES));
      a = input.lanewise(FMA, fromMemorySegment(SPECIES, panel, at, LITTLE_ENDIAN), a);
      b =
          input.lanewise(
              FMA, fromMemorySegment(SPECIES, panel, at + VECTOR_BYTES, LITTLE_ENDIAN), b);
    }
    fromMemorySegment(SPECIES, y, unitBytes, LITTLE_ENDIAN)
        .lanewise(ADD, a)
        .intoMemorySegment(y, unitBytes, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, unitBytes + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b)
        .intoMemorySegment(y, unitBytes + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void oneChunkListed(
      MemorySegment panel,
      int pair,
      MemorySegment x,
      int[] list,
      int from,
      int to,
      MemorySegment y,
      int unitBytes) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int i = from; i < to; i++) {
      long at = (long) list[i] * BLOCK_BYTES + pair;
      FloatVector input = broadcast(SPECIES, x.get(FLOAT, (long) list[i] * Float.BYTES));
      a = input.lanewise(FMA, fromMemorySegment(SPECIES, panel, at, LITTLE_ENDIAN), a);
      b =
          input.lanewise(
              FMA, fromMemorySegment(SPECIES, panel, at + VECTOR_BYTES, LITTLE_ENDIAN), b);
    }
    fromMemorySegment(SPECIES, y, unitBytes, LITTLE_ENDIAN)
        .lanewise(ADD, a)
        .intoMemorySegment(y, unitBytes, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, unitBytes + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b)
        .intoMemorySegment(y, unitBytes + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void clear(int[] open, int position, int count, int pair, MemorySegment y) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int i = position; i < position + count; i++) {
      int at = open[i] * BLOCK_BYTES + pair;
      zero.intoMemorySegment(y, at, LITTLE_ENDIAN);
      zero.intoMemorySegment(y, at + VECTOR_BYTES, LITTLE_ENDIAN);
    }
  }

  private static void addBias(
      MemorySegment bias, int[] open, int position, int count, int pair, MemorySegment y) {
    for (int i = position; i < position + count; i++) {
      int at = open[i] * BLOCK_BYTES + pair;
      fromMemorySegment(SPECIES, y, at, LITTLE_ENDIAN)
          .lanewise(ADD, fromMemorySegment(SPECIES, bias, at, LITTLE_ENDIAN))
          .intoMemorySegment(y, at, LITTLE_ENDIAN);
      fromMemorySegment(SPECIES, y, at + VECTOR_BYTES, LITTLE_ENDIAN)
          .lanewise(ADD, fromMemorySegment(SPECIES, bias, at + VECTOR_BYTES, LITTLE_ENDIAN))
          .intoMemorySegment(y, at + VECTOR_BYTES, LITTLE_ENDIAN);
    }
  }
}
