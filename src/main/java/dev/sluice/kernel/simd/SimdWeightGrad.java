package dev.sluice.kernel.simd;

import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

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
      WidthTemplate.speciesOf(MethodHandles.lookup());
  private static final int BLOCK_BYTES =
      WidthTemplate.blockSizeOf(MethodHandles.lookup()) * Float.BYTES;
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
      MemorySegment x,
      int xStrideBytes,
      int xBytes,
      MemorySegment dy,
      int dyStrideBytes,
      int columnBytes,
      int[] rows,
      int from,
      int to,
      MemorySegment dw,
      int dwBytes) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    FloatVector a2 = zero, b2 = zero, a3 = zero, b3 = zero;
    FloatVector a4 = zero, b4 = zero, a5 = zero, b5 = zero;
    FloatVector a6 = zero, b6 = zero, a7 = zero, b7 = zero;
    for (int position = from; position < to; position++) {
      int row = rows[position];
      int at = row * xStrideBytes + xBytes;
      int dyAt = row * dyStrideBytes + columnBytes;
      FloatVector ga = load(dy, dyAt);
      FloatVector gb = load(dy, dyAt + VECTOR_BYTES);
      FloatVector v = broadcast(x, at);
      a0 = v.fma(ga, a0);
      b0 = v.fma(gb, b0);
      v = broadcast(x, at + 4);
      a1 = v.fma(ga, a1);
      b1 = v.fma(gb, b1);
      v = broadcast(x, at + 8);
      a2 = v.fma(ga, a2);
      b2 = v.fma(gb, b2);
      v = broadcast(x, at + 12);
      a3 = v.fma(ga, a3);
      b3 = v.fma(gb, b3);
      v = broadcast(x, at + 16);
      a4 = v.fma(ga, a4);
      b4 = v.fma(gb, b4);
      v = broadcast(x, at + 20);
      a5 = v.fma(ga, a5);
      b5 = v.fma(gb, b5);
      v = broadcast(x, at + 24);
      a6 = v.fma(ga, a6);
      b6 = v.fma(gb, b6);
      v = broadcast(x, at + 28);
      a7 = v.fma(ga, a7);
      b7 = v.fma(gb, b7);
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
      MemorySegment x,
      int xStrideBytes,
      int xBytes,
      MemorySegment dy,
      int dyStrideBytes,
      int columnBytes,
      int[] rows,
      int from,
      int to,
      MemorySegment dw,
      int dwBytes) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int position = from; position < to; position++) {
      int row = rows[position];
      int dyAt = row * dyStrideBytes + columnBytes;
      FloatVector v = broadcast(x, row * xStrideBytes + xBytes);
      a = v.fma(load(dy, dyAt), a);
      b = v.fma(load(dy, dyAt + VECTOR_BYTES), b);
    }
    storePair(a, b, dw, dwBytes);
  }

  private static void biasGrad(
      Matrix dy, int columnBytes, int[] rows, int from, int to, MemorySegment dbias) {
    MemorySegment data = dy.data();
    int strideBytes = dy.strideBytes();
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int position = from; position < to; position++) {
      int at = rows[position] * strideBytes + columnBytes;
      a = a.add(load(data, at));
      b = b.add(load(data, at + VECTOR_BYTES));
    }
    storePair(a, b, dbias, columnBytes);
  }

  private static void storePair(FloatVector a, FloatVector b, MemorySegment target, int at) {
    a.intoMemorySegment(target, at, LITTLE_ENDIAN);
    b.intoMemorySegment(target, at + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static FloatVector broadcast(MemorySegment x, int offsetBytes) {
    return FloatVector.broadcast(SPECIES, x.get(FLOAT, offsetBytes));
  }

  private static FloatVector load(MemorySegment segment, int offsetBytes) {
    return FloatVector.fromMemorySegment(SPECIES, segment, offsetBytes, LITTLE_ENDIAN);
  }
}
