package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.sluice.kernel.SummationOrder;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// One row, all inputs. Eight accumulators hide the latency of the fused multiply-add: a pair of vectors of units times four chunks of
/// inputs, which every product has.
final class SimdMatVec implements RowKernel {
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
      int count,
      int[] open,
      int from,
      int to,
      MemorySegment y) {
    int chunkInputs = SummationOrder.chunkInputs(count);
    int fours = SummationOrder.chunks(count) / SummationOrder.SIDE_BY_SIDE;
    for (int position = from; position < to; position++) {
      for (int pair = 0; pair < PAIRS; pair++) {
        onePair(w, open[position], pair, x, count, fours, chunkInputs, bias, y);
      }
    }
  }

  /// Sums of a pair of vectors of units, four chunks side by side as many times as there are four.
  private static void onePair(
      Panels panels,
      int block,
      int pair,
      MemorySegment input,
      int inputs,
      int fours,
      int chunkInputs,
      MemorySegment bias,
      MemorySegment output) {
    long w0 = panelBytes(panels, block, pair);
    long chunkBytes = (long) chunkInputs * INPUT_BYTES;
    long chunkXBytes = (long) chunkInputs * Float.BYTES;
    MemorySegment w = OffHeap.of(panels.segment());
    MemorySegment x = OffHeap.of(input);
    FloatVector zero = FloatVector.zero(FLOATS), s = zero, t = zero;
    for (int four = 1; four <= fours; four++) {
      FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
      FloatVector a2 = zero, b2 = zero, a3 = zero, b3 = zero;
      long w1 = w0 + chunkBytes, w2 = w1 + chunkBytes, w3 = w2 + chunkBytes;
      int first = (four - 1) * 4 * chunkInputs;
      long x0 = (long) first * Float.BYTES;
      long x1 = x0 + chunkXBytes, x2 = x1 + chunkXBytes, x3 = x2 + chunkXBytes;
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
      w0 = w3 + chunkBytes;
      int rest = four < fours ? 0 : inputs - first - 4 * chunkInputs;
      for (int k = 0; k < rest; k++) {
        long at = w0 + (long) k * INPUT_BYTES;
        FloatVector v = broadcast(FLOATS, x.get(FLOAT, x3 + chunkXBytes + (long) k * Float.BYTES));
        a3 = v.lanewise(FMA, lower(w, at), a3);
        b3 = v.lanewise(FMA, upper(w, at), b3);
      }
      s = s.lanewise(ADD, a0).lanewise(ADD, a1).lanewise(ADD, a2).lanewise(ADD, a3);
      t = t.lanewise(ADD, b0).lanewise(ADD, b1).lanewise(ADD, b2).lanewise(ADD, b3);
    }
    MemorySegment scales = OffHeap.of(panels.scales());
    leavePair(s, t, scales, OffHeap.of(bias), OffHeap.of(output), yBytes(block, pair));
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

  /// A pair of sums with scale and bias to `y`.
  @Inlined
  private static void leavePair(
      FloatVector lower,
      FloatVector upper,
      MemorySegment scales,
      MemorySegment bias,
      MemorySegment y,
      long at) {
    F32Weights.withBias(FLOATS, lower, scales, bias, at).intoMemorySegment(y, at, LITTLE_ENDIAN);
    F32Weights.withBias(FLOATS, upper, scales, bias, at + UPPER_Y_BYTES)
        .intoMemorySegment(y, at + UPPER_Y_BYTES, LITTLE_ENDIAN);
  }
}
