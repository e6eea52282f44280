package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Products that are cut into chunks, and the sign of zero.
final class CutProductTest {
  private static final Kernels SCALAR = KernelProvider.all().getFirst();

  /// Around the first cut, with and without a rest, several fours.
  private static final int[] INPUTS = {2047, 2048, 2049, 2051, 3072, 4097};

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void rowListBatchAndScalarGiveIdenticalBits(Kernels kernels, WeightPrecision precision) {
    for (int index = 0; index < INPUTS.length; index++) {
      int blockSize = 8 << index % 3;
      int units = blockSize * (1 + index) - index % 2;
      long seed = 77 + index;
      try (ProductCase product =
          new ProductCase(seed, units, INPUTS[index], blockSize, precision, 7, 0.7)) {
        Matrix truth = product.byRows(SCALAR, false);
        requireSame("row", truth, product.byRows(kernels, false), seed);
        requireSame("list", truth, product.byRows(kernels, true), seed);
        requireSame("batch", truth, product.byBatch(kernels, Integer.MAX_VALUE / 2), seed);
        requireSame("batch of 3", truth, product.byBatch(kernels, 3), seed);
      }
    }
  }

  private static void requireSame(String what, Matrix expected, Matrix actual, long seed) {
    for (int row = 0; row < expected.rows(); row++) {
      for (int column = 0; column < expected.columns(); column++) {
        assertThat(Float.floatToIntBits(actual.get(row, column)))
            .as("%s seed=%d row=%d column=%d", what, seed, row, column)
            .isEqualTo(Float.floatToIntBits(expected.get(row, column)));
      }
    }
  }

  /// Lists that are empty, end in the first chunk, begin in the last, or leave chunks between out.
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void listsMaySkipWholeChunks(Kernels kernels, WeightPrecision precision) {
    int inputs = 3075;
    int[][] lists = {{}, {0}, {5, 700}, {3074}, {3072, 3073}, {100, 2500}, {767, 768, 2304}};
    try (ProductCase product = new ProductCase(5, 50, inputs, 16, precision, 1, 1)) {
      ActiveSet all = ActiveSet.all(product.layout.blocks());
      Matrix expected = Matrix.allocate(product.arena, 1, product.layout.paddedUnits());
      Matrix actual = Matrix.allocate(product.arena, 1, product.layout.paddedUnits());
      for (int[] list : lists) {
        ActiveSet read = new ActiveSet(inputs);
        for (int input : list) {
          read.add(input);
        }
        SCALAR
            .matVec(16, precision)
            .gatedMatVec(
                product.weights, product.bias, product.x.row(0), read, all, expected.row(0));
        kernels
            .matVec(16, precision)
            .gatedMatVec(product.weights, product.bias, product.x.row(0), read, all, actual.row(0));
        requireSame(read.toString(), expected, actual, 5);
      }
    }
  }

  /// Over 2,112 units, which are cut too.
  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.sluice.kernel.KernelProvider#all")
  void gradientsOfInputsOverManyUnitsEqualTheScalarTruth(Kernels kernels) {
    try (Arena arena = Arena.ofConfined()) {
      SplittableRandom random = new SplittableRandom(9);
      Panels transposed = Panels.allocate(arena, new PanelLayout(40, 2112, 32));
      Matrix dy = Matrix.allocate(arena, 15, 2112);
      for (int unit = 0; unit < 2112; unit++) {
        for (int input = 0; input < 40; input++) {
          transposed.set(input, unit, (float) random.nextDouble(-1, 1));
        }
        for (int row = 0; row < 15; row++) {
          dy.set(row, unit, (float) random.nextDouble(-1, 1));
        }
      }
      requireSame(
          "gradient",
          inputGrad(SCALAR, transposed, dy, arena),
          inputGrad(kernels, transposed, dy, arena),
          9);
    }
  }

  private static Matrix inputGrad(Kernels kernels, Panels transposed, Matrix dy, Arena arena) {
    Matrix dx = Matrix.allocate(arena, dy.rows(), transposed.layout().paddedUnits());
    dx.set(3, 7, 0.5f);
    RowGroups dense = RowGroups.dense(dy.columns() / 32, dy.rows());
    for (int block = 0; block < transposed.layout().blocks(); block++) {
      kernels.matMul(32).inputGrad(transposed, dy, dense, 32, block, 0, dy.rows(), dx);
    }
    return dx;
  }

  /// A product that underflows leaves −0 in a chunk; the sum, which starts at +0, is +0, and so is it with a bias of −0.
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void underflowDoesNotChangeTheSignOfZero(Kernels kernels, WeightPrecision precision) {
    if (precision == WeightPrecision.INT8) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      Panels exact = Panels.allocate(arena, new PanelLayout(5, 2, 8));
      exact.set(2, 0, -1e-30f);
      exact.set(2, 1, 1f);
      Panels w = precision == WeightPrecision.F32 ? exact : exact.convert(arena, precision);
      MemorySegment bias = AlignedMemory.allocateFloats(arena, 16);
      bias.set(AlignedMemory.FLOAT, 8, -0f);
      Matrix x = Matrix.allocate(arena, 2, 2);
      x.set(0, 0, 1e-30f);
      Matrix y = Matrix.allocate(arena, 2, 8);
      ActiveSet first = new ActiveSet(2);
      first.add(0);
      ActiveSet blocks = ActiveSet.all(1);
      MatVecKernels matVec = kernels.matVec(8, precision);
      matVec.gatedMatVec(w, bias, x.row(0), blocks, y.row(0));
      requirePositiveZero(y);
      matVec.gatedMatVec(w, bias, x.row(0), first, blocks, y.row(0));
      requirePositiveZero(y);
      RowGroups rows = RowGroups.dense(1, 2);
      kernels.matMul(8, precision).gatedMatMul(w, bias, x, rows, 0, 0, 2, y);
      requirePositiveZero(y);
    }
  }

  private static void requirePositiveZero(Matrix y) {
    assertThat(Float.floatToRawIntBits(y.get(0, 2))).isZero();
    y.set(0, 2, Float.NaN);
  }
}
