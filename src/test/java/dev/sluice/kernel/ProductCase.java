package dev.sluice.kernel;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/// One product with random weights, inputs and open sets, and the double-precision truth about it.
final class ProductCase implements AutoCloseable {
  static final float CANARY = 12345.678f;

  final Arena arena = Arena.ofConfined();
  final PanelLayout layout;
  final Panels exact;
  final Panels weights;
  final MemorySegment bias;
  final Matrix x;
  final int rows;
  final boolean[] open;
  final RowGroups groups;

  ProductCase(long seed, int units, int inputs, int blockSize, int rows, double openShare) {
    this(seed, units, inputs, blockSize, WeightPrecision.F32, rows, openShare);
  }

  ProductCase(
      long seed,
      int units,
      int inputs,
      int blockSize,
      WeightPrecision precision,
      int rows,
      double openShare) {
    SplittableRandom random = new SplittableRandom(seed);
    this.exact = Panels.allocate(arena, new PanelLayout(units, inputs, blockSize));
    this.layout = exact.layout().withPrecision(precision);
    this.bias = AlignedMemory.allocateFloats(arena, layout.paddedUnits());
    this.rows = rows;
    this.x = Matrix.allocate(arena, rows, inputs);
    for (int unit = 0; unit < units; unit++) {
      for (int input = 0; input < inputs; input++) {
        exact.set(unit, input, (float) random.nextDouble(-1, 1));
      }
      bias.set(AlignedMemory.FLOAT, 4L * unit, (float) random.nextDouble(-1, 1));
    }
    this.weights = precision == WeightPrecision.F32 ? exact : exact.convert(arena, precision);
    for (int row = 0; row < rows; row++) {
      for (int input = 0; input < inputs; input++) {
        boolean zero = random.nextInt(4) == 0;
        x.set(row, input, zero ? 0f : (float) random.nextDouble(-2, 2));
      }
    }
    this.open = new boolean[rows * layout.blocks()];
    for (int index = 0; index < open.length; index++) {
      open[index] = random.nextDouble() < openShare;
    }
    this.groups = new RowGroups(layout.blocks(), rows);
    groups.group(open, rows);
  }

  boolean isOpen(int row, int unit) {
    return open[row * layout.blocks() + unit / layout.blockSize()];
  }

  ActiveSet openBlocks(int row) {
    ActiveSet set = new ActiveSet(layout.blocks());
    for (int block = 0; block < layout.blocks(); block++) {
      if (open[row * layout.blocks() + block]) {
        set.add(block);
      }
    }
    return set;
  }

  ActiveSet nonZeroInputs(int row) {
    ActiveSet set = new ActiveSet(layout.inputs());
    for (int input = 0; input < layout.inputs(); input++) {
      if (x.get(row, input) != 0f) {
        set.add(input);
      }
    }
    return set;
  }

  float biasAt(int unit) {
    return bias.get(AlignedMemory.FLOAT, 4L * unit);
  }

  /// A matrix full of canaries, padding included, to see what a kernel writes.
  Matrix canaries(int columns) {
    Matrix matrix = Matrix.allocate(arena, rows, columns);
    for (long offset = 0; offset < matrix.data().byteSize(); offset += 4) {
      matrix.data().set(AlignedMemory.FLOAT, offset, CANARY);
    }
    return matrix;
  }

  /// All rows by the matrix–vector kernel; with `listed` over the non-zero inputs only.
  Matrix byRows(Kernels kernels, boolean listed) {
    Matrix y = canaries(layout.paddedUnits());
    MatVecKernels matVec = kernels.matVec(layout.blockSize(), layout.precision());
    for (int row = 0; row < rows; row++) {
      if (listed) {
        matVec.gatedMatVec(
            weights, bias, x.row(row), nonZeroInputs(row), openBlocks(row), y.row(row));
      } else {
        matVec.gatedMatVec(weights, bias, x.row(row), openBlocks(row), y.row(row));
      }
    }
    return y;
  }

  /// All rows by the batch kernel, in slices of `rowsPerCall` of each group.
  Matrix byBatch(Kernels kernels, int rowsPerCall) {
    Matrix y = canaries(layout.paddedUnits());
    MatMulKernels matMul = kernels.matMul(layout.blockSize(), layout.precision());
    for (int block = 0; block < layout.blocks(); block++) {
      for (int from = groups.from(block); from < groups.to(block); from += rowsPerCall) {
        int to = Math.min(from + rowsPerCall, groups.to(block));
        matMul.gatedMatMul(weights, bias, x, groups, block, from, to, y);
      }
    }
    return y;
  }

  @Override
  public void close() {
    arena.close();
  }

  @Override
  public String toString() {
    return layout + ", rows=" + rows;
  }
}
