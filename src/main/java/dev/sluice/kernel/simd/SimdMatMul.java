package dev.sluice.kernel.simd;

import static dev.sluice.kernel.SummationOrder.CHUNK_INPUTS;
import static dev.sluice.memory.AlignedMemory.FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.FMA;

import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.Panels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// A batch. The register tile is 6 rows by a pair of vectors: 12 accumulators, 2 loads of weights and 6 broadcasts a step, which keeps
/// both multiply-add units of a 512-bit core busy from the first-level cache; where only 16 registers exist the tile is 4 rows. Eight
/// rows would be no quicker, and too large a method for C1 (JDK: "out of virtual registers"), which then never hands it to C2.
// Offsets within a matrix fit an int (Matrix stays under 2 GiB); they are widened once so that the
// loop's arithmetic is in long.
@SuppressWarnings("IntLongMath")
final class SimdMatMul implements MatMulKernels {
  private static final VectorSpecies<Float> SPECIES =
      WidthTemplate.speciesOf(MethodHandles.lookup());
  private static final int BLOCK_BYTES =
      WidthTemplate.blockSizeOf(MethodHandles.lookup()) * Float.BYTES;
  private static final int VECTOR_BYTES = SPECIES.vectorByteSize();
  private static final int PAIR_BYTES = 2 * VECTOR_BYTES;
  private static final boolean THIRTY_TWO_REGISTERS =
      SPECIES.vectorBitSize() == 512 || System.getProperty("os.arch", "").equals("aarch64");

  @Override
  public void gatedMatMul(
      Panels w,
      MemorySegment bias,
      Matrix x,
      RowGroups groups,
      int block,
      int from,
      int to,
      Matrix y) {
    int inputs = w.layout().inputs();
    int[] rows = groups.rows();
    for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
      int columnBytes = block * BLOCK_BYTES + pair;
      for (int position = from; position < to; position++) {
        clearPair(y.data(), rows[position] * y.strideBytes() + columnBytes);
      }
      for (int chunk = 0; chunk < inputs; chunk += CHUNK_INPUTS) {
        int steps = Math.min(CHUNK_INPUTS, inputs - chunk);
        int chunkBytes = chunk * Float.BYTES;
        addTiles(
            w.block(block),
            chunk * BLOCK_BYTES + pair,
            steps,
            x,
            chunkBytes,
            rows,
            from,
            to,
            y,
            columnBytes);
      }
      for (int position = from; position < to; position++) {
        addBias(bias, columnBytes, y.data(), rows[position] * y.strideBytes() + columnBytes);
      }
    }
  }

  @Override
  public void inputGrad(
      Panels transposed,
      Matrix dy,
      RowGroups groups,
      int unitBlockSize,
      int inputBlock,
      int fromRow,
      int toRow,
      Matrix dx) {
    int[] rows = groups.rows();
    int blocksPerChunk = groups.blocksPerChunk(unitBlockSize);
    for (int pair = 0; pair < BLOCK_BYTES; pair += PAIR_BYTES) {
      for (int unitBlock = 0; unitBlock < groups.blocks(); unitBlock += blocksPerChunk) {
        int from = firstAtLeast(fromRow, rows, groups.from(unitBlock), groups.to(unitBlock));
        int to = firstAtLeast(toRow, rows, from, groups.to(unitBlock));
        int unit = unitBlock * unitBlockSize;
        int blocks = Math.min(blocksPerChunk, groups.blocks() - unitBlock);
        addTiles(
            transposed.block(inputBlock),
            unit * BLOCK_BYTES + pair,
            blocks * unitBlockSize,
            dy,
            unit * Float.BYTES,
            rows,
            from,
            to,
            dx,
            inputBlock * BLOCK_BYTES + pair);
      }
    }
  }

  private static int firstAtLeast(int row, int[] rows, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows[middle] < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// `y[r][column …] += Σ_step x[r][xBytes/4 + step] · panel[panelBytes + step·stride …]` for the listed rows.
  private void addTiles(
      MemorySegment panel,
      int panelBytes,
      int steps,
      Matrix x,
      int xBytes,
      int[] rows,
      int from,
      int to,
      Matrix y,
      int columnBytes) {
    MemorySegment xData = x.data();
    MemorySegment yData = y.data();
    int position = from;
    for (; THIRTY_TWO_REGISTERS && position + 6 <= to; position += 6) {
      sixRows(
          panel,
          panelBytes,
          steps,
          xData,
          x.strideBytes(),
          xBytes,
          rows,
          position,
          yData,
          y.strideBytes(),
          columnBytes);
    }
    for (; position + 4 <= to; position += 4) {
      fourRows(
          panel,
          panelBytes,
          steps,
          xData,
          x.strideBytes(),
          xBytes,
          rows,
          position,
          yData,
          y.strideBytes(),
          columnBytes);
    }
    for (; position < to; position++) {
      int row = rows[position];
      oneRow(
          panel,
          panelBytes,
          steps,
          xData,
          row * x.strideBytes() + xBytes,
          yData,
          row * y.strideBytes() + columnBytes);
    }
  }

  private static void sixRows(
      MemorySegment panel,
      int panelBytes,
      int steps,
      MemorySegment x,
      int xStrideBytes,
      int xBytes,
      int[] rows,
      int position,
      MemorySegment y,
      int yStrideBytes,
      int columnBytes) {
    long x0 = rows[position] * xStrideBytes + xBytes;
    long x1 = rows[position + 1] * xStrideBytes + xBytes;
    long x2 = rows[position + 2] * xStrideBytes + xBytes;
    long x3 = rows[position + 3] * xStrideBytes + xBytes;
    long x4 = rows[position + 4] * xStrideBytes + xBytes;
    long x5 = rows[position + 5] * xStrideBytes + xBytes;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    FloatVector a2 = zero, b2 = zero, a3 = zero, b3 = zero;
    FloatVector a4 = zero, b4 = zero, a5 = zero, b5 = zero;
    for (int step = 0; step < steps; step++) {
      long at = panelBytes + (long) step * BLOCK_BYTES;
      long offset = (long) step * Float.BYTES;
      FloatVector wa = fromMemorySegment(SPECIES, panel, at, LITTLE_ENDIAN);
      FloatVector wb = fromMemorySegment(SPECIES, panel, at + VECTOR_BYTES, LITTLE_ENDIAN);
      FloatVector v = broadcast(SPECIES, x.get(FLOAT, x0 + offset));
      a0 = v.lanewise(FMA, wa, a0);
      b0 = v.lanewise(FMA, wb, b0);
      v = broadcast(SPECIES, x.get(FLOAT, x1 + offset));
      a1 = v.lanewise(FMA, wa, a1);
      b1 = v.lanewise(FMA, wb, b1);
      v = broadcast(SPECIES, x.get(FLOAT, x2 + offset));
      a2 = v.lanewise(FMA, wa, a2);
      b2 = v.lanewise(FMA, wb, b2);
      v = broadcast(SPECIES, x.get(FLOAT, x3 + offset));
      a3 = v.lanewise(FMA, wa, a3);
      b3 = v.lanewise(FMA, wb, b3);
      v = broadcast(SPECIES, x.get(FLOAT, x4 + offset));
      a4 = v.lanewise(FMA, wa, a4);
      b4 = v.lanewise(FMA, wb, b4);
      v = broadcast(SPECIES, x.get(FLOAT, x5 + offset));
      a5 = v.lanewise(FMA, wa, a5);
      b5 = v.lanewise(FMA, wb, b5);
    }
    int y0 = rows[position] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y0, LITTLE_ENDIAN)
        .lanewise(ADD, a0)
        .intoMemorySegment(y, y0, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y0 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b0)
        .intoMemorySegment(y, y0 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y1 = rows[position + 1] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y1, LITTLE_ENDIAN)
        .lanewise(ADD, a1)
        .intoMemorySegment(y, y1, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y1 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b1)
        .intoMemorySegment(y, y1 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y2 = rows[position + 2] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y2, LITTLE_ENDIAN)
        .lanewise(ADD, a2)
        .intoMemorySegment(y, y2, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y2 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b2)
        .intoMemorySegment(y, y2 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y3 = rows[position + 3] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y3, LITTLE_ENDIAN)
        .lanewise(ADD, a3)
        .intoMemorySegment(y, y3, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y3 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b3)
        .intoMemorySegment(y, y3 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y4 = rows[position + 4] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y4, LITTLE_ENDIAN)
        .lanewise(ADD, a4)
        .intoMemorySegment(y, y4, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y4 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b4)
        .intoMemorySegment(y, y4 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y5 = rows[position + 5] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y5, LITTLE_ENDIAN)
        .lanewise(ADD, a5)
        .intoMemorySegment(y, y5, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y5 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b5)
        .intoMemorySegment(y, y5 + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void fourRows(
      MemorySegment panel,
      int panelBytes,
      int steps,
      MemorySegment x,
      int xStrideBytes,
      int xBytes,
      int[] rows,
      int position,
      MemorySegment y,
      int yStrideBytes,
      int columnBytes) {
    long x0 = rows[position] * xStrideBytes + xBytes;
    long x1 = rows[position + 1] * xStrideBytes + xBytes;
    long x2 = rows[position + 2] * xStrideBytes + xBytes;
    long x3 = rows[position + 3] * xStrideBytes + xBytes;
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    FloatVector a2 = zero, b2 = zero, a3 = zero, b3 = zero;
    for (int step = 0; step < steps; step++) {
      long at = panelBytes + (long) step * BLOCK_BYTES;
      long offset = (long) step * Float.BYTES;
      FloatVector wa = fromMemorySegment(SPECIES, panel, at, LITTLE_ENDIAN);
      FloatVector wb = fromMemorySegment(SPECIES, panel, at + VECTOR_BYTES, LITTLE_ENDIAN);
      FloatVector v = broadcast(SPECIES, x.get(FLOAT, x0 + offset));
      a0 = v.lanewise(FMA, wa, a0);
      b0 = v.lanewise(FMA, wb, b0);
      v = broadcast(SPECIES, x.get(FLOAT, x1 + offset));
      a1 = v.lanewise(FMA, wa, a1);
      b1 = v.lanewise(FMA, wb, b1);
      v = broadcast(SPECIES, x.get(FLOAT, x2 + offset));
      a2 = v.lanewise(FMA, wa, a2);
      b2 = v.lanewise(FMA, wb, b2);
      v = broadcast(SPECIES, x.get(FLOAT, x3 + offset));
      a3 = v.lanewise(FMA, wa, a3);
      b3 = v.lanewise(FMA, wb, b3);
    }
    int y0 = rows[position] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y0, LITTLE_ENDIAN)
        .lanewise(ADD, a0)
        .intoMemorySegment(y, y0, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y0 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b0)
        .intoMemorySegment(y, y0 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y1 = rows[position + 1] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y1, LITTLE_ENDIAN)
        .lanewise(ADD, a1)
        .intoMemorySegment(y, y1, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y1 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b1)
        .intoMemorySegment(y, y1 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y2 = rows[position + 2] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y2, LITTLE_ENDIAN)
        .lanewise(ADD, a2)
        .intoMemorySegment(y, y2, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y2 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b2)
        .intoMemorySegment(y, y2 + VECTOR_BYTES, LITTLE_ENDIAN);
    int y3 = rows[position + 3] * yStrideBytes + columnBytes;
    fromMemorySegment(SPECIES, y, y3, LITTLE_ENDIAN)
        .lanewise(ADD, a3)
        .intoMemorySegment(y, y3, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, y3 + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b3)
        .intoMemorySegment(y, y3 + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void oneRow(
      MemorySegment panel,
      int panelBytes,
      int steps,
      MemorySegment x,
      int xBytes,
      MemorySegment y,
      int yBytes) {
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int step = 0; step < steps; step++) {
      int at = panelBytes + step * BLOCK_BYTES;
      FloatVector v = broadcast(SPECIES, x.get(FLOAT, xBytes + step * Float.BYTES));
      a = v.lanewise(FMA, fromMemorySegment(SPECIES, panel, at, LITTLE_ENDIAN), a);
      b = v.lanewise(FMA, fromMemorySegment(SPECIES, panel, at + VECTOR_BYTES, LITTLE_ENDIAN), b);
    }
    fromMemorySegment(SPECIES, y, yBytes, LITTLE_ENDIAN)
        .lanewise(ADD, a)
        .intoMemorySegment(y, yBytes, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, yBytes + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, b)
        .intoMemorySegment(y, yBytes + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void addBias(MemorySegment bias, int biasBytes, MemorySegment y, int at) {
    fromMemorySegment(SPECIES, y, at, LITTLE_ENDIAN)
        .lanewise(ADD, fromMemorySegment(SPECIES, bias, biasBytes, LITTLE_ENDIAN))
        .intoMemorySegment(y, at, LITTLE_ENDIAN);
    fromMemorySegment(SPECIES, y, at + VECTOR_BYTES, LITTLE_ENDIAN)
        .lanewise(ADD, fromMemorySegment(SPECIES, bias, biasBytes + VECTOR_BYTES, LITTLE_ENDIAN))
        .intoMemorySegment(y, at + VECTOR_BYTES, LITTLE_ENDIAN);
  }

  private static void clearPair(MemorySegment y, int at) {
    FloatVector zero = FloatVector.zero(SPECIES);
    zero.intoMemorySegment(y, at, LITTLE_ENDIAN);
    zero.intoMemorySegment(y, at + VECTOR_BYTES, LITTLE_ENDIAN);
  }
}
