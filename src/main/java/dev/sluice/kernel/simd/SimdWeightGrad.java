package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.sluice.kernel.RowGroups;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Outer products summed over rows: the register tile is [#COPIED_INPUTS] inputs by a pair of vectors of units.
final class SimdWeightGrad implements WeightGradKernels {
  /// 16 accumulators.
  static final int COPIED_INPUTS = 8;

  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.shapeOf(MethodHandles.lookup()).floats();
  private static final int BLOCK_BYTES =
      WidthTemplate.shapeOf(MethodHandles.lookup()).blockSize() * Float.BYTES;
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();
  private static final int PAIR_BYTES = 2 * VECTOR_BYTES;

  @Override
  public void weightGrad(
      Matrix x, Matrix dy, RowGroups groups, int block, Panels dw, MemorySegment dbias) {
    int inputs = dw.layout().inputs();
    int[] rows = groups.rows();
    int from = groups.from(block);
    int to = groups.to(block);
    MemorySegment target = dw.block(block);
    for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
      int columnBytes = block * BLOCK_BYTES + pair;
      int input = 0;
      for (; input + COPIED_INPUTS <= inputs; input += COPIED_INPUTS) {
        severalInputs(
            x.data(),
            x.strideBytes(),
            input * Float.BYTES,
            dy.data(),
            dy.strideBytes(),
            columnBytes,
            rows,
            from,
            to,
            target,
            input * BLOCK_BYTES + pair);
      }
      for (; input < inputs; input++) {
        oneInput(
            x.data(),
            x.strideBytes(),
            input * Float.BYTES,
            dy.data(),
            dy.strideBytes(),
            columnBytes,
            rows,
            from,
            to,
            target,
            input * BLOCK_BYTES + pair);
      }
      biasGrad(dy, columnBytes, rows, from, to, dbias);
    }
  }

  /// As many inputs as there are copies.
  private static void severalInputs(
      MemorySegment input,
      long xStrideBytes,
      long xBytes,
      MemorySegment slope,
      long dyStrideBytes,
      long columnBytes,
      int[] rows,
      int from,
      int to,
      MemorySegment target,
      long dwBytes) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment dy = OffHeap.of(slope);
    MemorySegment dw = OffHeap.of(target);
    FloatVector zero = FloatVector.zero(SPECIES);
    Copies.begin();
    FloatVector a = zero, b = zero;
    Copies.end();
    for (int position = from; position < to; position++) {
      int row = rows[position];
      long at = row * xStrideBytes + xBytes;
      long dyAt = row * dyStrideBytes + columnBytes;
      FloatVector lower = fromMemorySegment(SPECIES, dy, dyAt, LITTLE_ENDIAN);
      FloatVector upper = fromMemorySegment(SPECIES, dy, dyAt + VECTOR_BYTES, LITTLE_ENDIAN);
      Copies.begin();
      FloatVector v = broadcast(SPECIES, x.get(FLOAT, at + Copies.index() * Float.BYTES));
      a = v.lanewise(FMA, lower, a);
      b = v.lanewise(FMA, upper, b);
      Copies.end();
    }
    Copies.begin();
    long dwAt = dwBytes + Copies.index() * BLOCK_BYTES;
    a.intoMemorySegment(dw, dwAt, LITTLE_ENDIAN);
    b.intoMemorySegment(dw, dwAt + VECTOR_BYTES, LITTLE_ENDIAN);
    Copies.end();
  }

  private static void oneInput(
      MemorySegment input,
      long xStrideBytes,
      long xBytes,
      MemorySegment slope,
      long dyStrideBytes,
      long columnBytes,
      int[] rows,
      int from,
      int to,
      MemorySegment target,
      long dwBytes) {
    MemorySegment x = OffHeap.of(input);
    MemorySegment dy = OffHeap.of(slope);
    MemorySegment dw = OffHeap.of(target);
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int position = from; position < to; position++) {
      int row = rows[position];
      long dyAt = row * dyStrideBytes + columnBytes;
      FloatVector v = broadcast(SPECIES, x.get(FLOAT, row * xStrideBytes + xBytes));
      a = v.lanewise(FMA, fromMemorySegment(SPECIES, dy, dyAt, LITTLE_ENDIAN), a);
      b = v.lanewise(FMA, fromMemorySegment(SPECIES, dy, dyAt + VECTOR_BYTES, LITTLE_ENDIAN), b);
    }
    a.intoMemorySegment(dw, dwBytes, LITTLE_ENDIAN);
    b.intoMemorySegment(dw, dwBytes + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void biasGrad(
      Matrix dy, int columnBytes, int[] rows, int from, int to, MemorySegment dbias) {
    MemorySegment data = OffHeap.of(dy.data());
    MemorySegment target = OffHeap.of(dbias);
    int strideBytes = dy.strideBytes();
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int position = from; position < to; position++) {
      int at = rows[position] * strideBytes + columnBytes;
      a = a.lanewise(ADD, fromMemorySegment(SPECIES, data, at, LITTLE_ENDIAN));
      b = b.lanewise(ADD, fromMemorySegment(SPECIES, data, at + VECTOR_BYTES, LITTLE_ENDIAN));
    }
    a.intoMemorySegment(target, columnBytes, LITTLE_ENDIAN);
    b.intoMemorySegment(target, columnBytes + VECTOR_BYTES, LITTLE_ENDIAN);
  }
}
