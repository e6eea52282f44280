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

/// Outer products summed over rows: the register tile is 8 inputs by a pair of vectors of units.
final class SimdWeightGrad implements WeightGradKernels {
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
      for (; input + 8 <= inputs; input += 8) {
        eightInputs(
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

  private static void eightInputs(
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
    FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    FloatVector a2 = zero, b2 = zero, a3 = zero, b3 = zero;
    FloatVector a4 = zero, b4 = zero, a5 = zero, b5 = zero;
    FloatVector a6 = zero, b6 = zero, a7 = zero, b7 = zero;
    for (int position = from; position < to; position++) {
      int row = rows[position];
      long at = row * xStrideBytes + xBytes;
      long dyAt = row * dyStrideBytes + columnBytes;
      FloatVector ga = fromMemorySegment(SPECIES, dy, dyAt, LITTLE_ENDIAN);
      FloatVector gb = fromMemorySegment(SPECIES, dy, dyAt + VECTOR_BYTES, LITTLE_ENDIAN);
      FloatVector v = broadcast(SPECIES, x.get(FLOAT, at));
      a0 = v.lanewise(FMA, ga, a0);
      b0 = v.lanewise(FMA, gb, b0);
      v = broadcast(SPECIES, x.get(FLOAT, at + 4));
      a1 = v.lanewise(FMA, ga, a1);
      b1 = v.lanewise(FMA, gb, b1);
      v = broadcast(SPECIES, x.get(FLOAT, at + 8));
      a2 = v.lanewise(FMA, ga, a2);
      b2 = v.lanewise(FMA, gb, b2);
      v = broadcast(SPECIES, x.get(FLOAT, at + 12));
      a3 = v.lanewise(FMA, ga, a3);
      b3 = v.lanewise(FMA, gb, b3);
      v = broadcast(SPECIES, x.get(FLOAT, at + 16));
      a4 = v.lanewise(FMA, ga, a4);
      b4 = v.lanewise(FMA, gb, b4);
      v = broadcast(SPECIES, x.get(FLOAT, at + 20));
      a5 = v.lanewise(FMA, ga, a5);
      b5 = v.lanewise(FMA, gb, b5);
      v = broadcast(SPECIES, x.get(FLOAT, at + 24));
      a6 = v.lanewise(FMA, ga, a6);
      b6 = v.lanewise(FMA, gb, b6);
      v = broadcast(SPECIES, x.get(FLOAT, at + 28));
      a7 = v.lanewise(FMA, ga, a7);
      b7 = v.lanewise(FMA, gb, b7);
    }
    a0.intoMemorySegment(dw, dwBytes, LITTLE_ENDIAN);
    b0.intoMemorySegment(dw, dwBytes + VECTOR_BYTES, LITTLE_ENDIAN);
    a1.intoMemorySegment(dw, dwBytes + BLOCK_BYTES, LITTLE_ENDIAN);
    b1.intoMemorySegment(dw, dwBytes + BLOCK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN);
    a2.intoMemorySegment(dw, dwBytes + 2 * BLOCK_BYTES, LITTLE_ENDIAN);
    b2.intoMemorySegment(dw, dwBytes + 2 * BLOCK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN);
    a3.intoMemorySegment(dw, dwBytes + 3 * BLOCK_BYTES, LITTLE_ENDIAN);
    b3.intoMemorySegment(dw, dwBytes + 3 * BLOCK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN);
    a4.intoMemorySegment(dw, dwBytes + 4 * BLOCK_BYTES, LITTLE_ENDIAN);
    b4.intoMemorySegment(dw, dwBytes + 4 * BLOCK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN);
    a5.intoMemorySegment(dw, dwBytes + 5 * BLOCK_BYTES, LITTLE_ENDIAN);
    b5.intoMemorySegment(dw, dwBytes + 5 * BLOCK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN);
    a6.intoMemorySegment(dw, dwBytes + 6 * BLOCK_BYTES, LITTLE_ENDIAN);
    b6.intoMemorySegment(dw, dwBytes + 6 * BLOCK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN);
    a7.intoMemorySegment(dw, dwBytes + 7 * BLOCK_BYTES, LITTLE_ENDIAN);
    b7.intoMemorySegment(dw, dwBytes + 7 * BLOCK_BYTES + VECTOR_BYTES, LITTLE_ENDIAN);
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
