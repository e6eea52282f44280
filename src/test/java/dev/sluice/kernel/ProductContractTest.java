package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every implementation and width against a double-precision oracle and, bit for bit, against the scalar truth. The oracle of
/// narrow weights takes them as rounded, so that one bound holds for all.
class ProductContractTest {
  private static final double EPSILON = 0x1p-24;
  private static final Kernels SCALAR = KernelProvider.all().get(0);

  /// Around a vector and odd; products of one chunk, see [CutProductTest] for others.
  private static final int[] INPUTS = {0, 1, 2, 3, 7, 16, 33, 127, 128, 129, 207, 511, 784, 1021};

  /// Around blocks: the four, or eight narrow ones, that go side by side, what they leave, and a last block that is mostly padding.
  private static final int[] BLOCKS = {1, 2, 4, 5, 7, 9, 12};

  private static long comparedValues;

  static Stream<Kernels> implementations() {
    return KernelProvider.all().stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void aRowEqualsTheOracleWithinTheBoundOfItsSum(Kernels kernels, WeightPrecision precision) {
    forEachShape(
        (seed, units, inputs, blockSize) -> {
          try (ProductCase product =
              new ProductCase(seed, units, inputs, blockSize, precision, 2, 0.6)) {
            assertNearOracle(product, product.byRows(kernels, false), seed);
          }
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void narrowWeightsCostNoMoreThanTheirDocumentedBound(Kernels kernels, WeightPrecision precision) {
    forEachShape(
        (seed, units, inputs, blockSize) -> {
          try (ProductCase product =
              new ProductCase(seed, units, inputs, blockSize, precision, 2, 0.6)) {
            assertCostWithinBound(product, product.byRows(kernels, false), seed);
          }
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void rowListBatchAndScalarGiveIdenticalBits(Kernels kernels, WeightPrecision precision) {
    forEachShape(
        (seed, units, inputs, blockSize) -> {
          try (ProductCase product =
              new ProductCase(seed, units, inputs, blockSize, precision, 13, 0.6)) {
            Matrix truth = product.byRows(SCALAR, false);
            assertSameBits(truth, product.byRows(kernels, false), product, seed);
            assertSameBits(truth, product.byRows(kernels, true), product, seed);
            assertSameBits(truth, product.byBatch(kernels, Integer.MAX_VALUE / 2), product, seed);
            assertSameBits(truth, product.byBatch(kernels, 5), product, seed);
          }
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void closedBlocksStayUntouchedWhenNoneSomeOrAllAreOpen(
      Kernels kernels, WeightPrecision precision) {
    for (double share : new double[] {0, 0.3, 1}) {
      try (ProductCase product = new ProductCase(11, 205, 207, 32, precision, 9, share)) {
        assertClosedUntouched(product, product.byRows(kernels, false));
        assertClosedUntouched(product, product.byRows(kernels, true));
        assertClosedUntouched(product, product.byBatch(kernels, 256));
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void specialInputsPropagateAsInTheScalarTruth(Kernels kernels, WeightPrecision precision) {
    float[] specials = {
      -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, 0x1p-130f
    };
    for (int blockSize = 8; blockSize <= 64; blockSize *= 2) {
      try (ProductCase product =
          new ProductCase(5, 3 * blockSize, 300, blockSize, precision, 12, 1)) {
        for (int row = 0; row < specials.length; row++) {
          product.x.set(row, 17 * row, specials[row]);
          product.x.set(row + 6, 299 - row, specials[row]);
        }
        Matrix truth = product.byRows(SCALAR, false);
        assertSameBits(truth, product.byRows(kernels, false), product, 5);
        assertSameBits(truth, product.byBatch(kernels, 256), product, 5);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void inputGradientsEqualTheScalarTruthAndTheOracle(Kernels kernels) {
    forEachShape(
        (seed, units, inputs, blockSize) -> {
          if (inputs == 0) {
            return;
          }
          try (ProductCase product = new ProductCase(seed, units, inputs, blockSize, 13, 0.6)) {
            Matrix dy = randomGradient(product, seed);
            RowGroups dense = RowGroups.dense(product.layout.blocks(), product.rows);
            for (RowGroups groups : new RowGroups[] {product.groups, dense}) {
              Matrix truth = inputGrad(SCALAR, product, dy, groups, product.rows);
              assertAllSameBits(truth, inputGrad(kernels, product, dy, groups, product.rows), seed);
              assertAllSameBits(truth, inputGrad(kernels, product, dy, groups, 5), seed);
              assertInputGradNearOracle(product, dy, groups.isDense(), truth, seed);
            }
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void weightGradientsEqualTheScalarTruthAndTheOracle(Kernels kernels) {
    forEachShape(
        (seed, units, inputs, blockSize) -> {
          try (ProductCase product = new ProductCase(seed, units, inputs, blockSize, 21, 0.6)) {
            Matrix dy = randomGradient(product, seed);
            Panels truth = Panels.allocate(product.arena, product.layout);
            Panels actual = Panels.allocate(product.arena, product.layout);
            MemorySegment truthBias = weightGrad(SCALAR, product, dy, truth);
            MemorySegment actualBias = weightGrad(kernels, product, dy, actual);
            assertThat(actual.segment().mismatch(truth.segment()))
                .as("seed=%d", seed)
                .isEqualTo(-1);
            assertThat(actualBias.mismatch(truthBias)).as("seed=%d", seed).isEqualTo(-1);
            assertWeightGradNearOracle(product, dy, actual, seed);
          }
        });
  }

  @AfterAll
  static void valuesWereCompared() {
    assertThat(comparedValues).isGreaterThan(1_000_000);
  }

  private interface ShapeTest {
    void run(long seed, int units, int inputs, int blockSize);
  }

  private static void forEachShape(ShapeTest test) {
    for (int blockSize = 8; blockSize <= 64; blockSize *= 2) {
      for (int index = 0; index < INPUTS.length; index++) {
        int blocks = BLOCKS[index % BLOCKS.length];
        int units = blocks * blockSize - (index % 3) * (blockSize / 3);
        long seed = 1000L * blockSize + index;
        test.run(seed, units, INPUTS[index], blockSize);
      }
    }
  }

  private static void assertNearOracle(ProductCase product, Matrix y, long seed) {
    for (int row = 0; row < product.rows; row++) {
      for (int unit = 0; unit < product.layout.units(); unit++) {
        if (!product.isOpen(row, unit)) {
          continue;
        }
        double sum = product.biasAt(unit);
        double magnitude = Math.abs(sum);
        for (int input = 0; input < product.layout.inputs(); input++) {
          double weight =
              (double) product.weights.stored(unit, input) * product.weights.scale(unit);
          double term = product.x.get(row, input) * weight;
          sum += term;
          magnitude += Math.abs(term);
        }
        assertNear(sum, y.get(row, unit), product.layout.inputs() + 2, magnitude, seed);
      }
    }
  }

  /// Against the sum of the weights before they were rounded: half a unit in the eighth bit of each, or half a scale.
  private static void assertCostWithinBound(ProductCase product, Matrix y, long seed) {
    for (int row = 0; row < product.rows; row++) {
      for (int unit = 0; unit < product.layout.units(); unit++) {
        if (!product.isOpen(row, unit)) {
          continue;
        }
        double sum = product.biasAt(unit);
        double magnitude = Math.abs(sum);
        double cost = 0;
        for (int input = 0; input < product.layout.inputs(); input++) {
          double x = product.x.get(row, input);
          double weight = product.exact.get(unit, input);
          double weightError =
              switch (product.layout.precision()) {
                case F32 -> 0;
                case BF16 -> 0x1p-8 * Math.abs(weight);
                case INT8 -> product.weights.scale(unit) / 2.0;
              };
          sum += x * weight;
          magnitude += Math.abs(x) * (Math.abs(weight) + weightError);
          cost += Math.abs(x) * weightError;
        }
        double bound = cost + (product.layout.inputs() + 2) * EPSILON * magnitude;
        double error = Math.abs(y.get(row, unit) - sum);
        comparedValues++;
        if (!(error <= bound)) {
          assertThat(error).as("seed=%d row=%d unit=%d", seed, row, unit).isLessThan(bound);
        }
      }
    }
  }

  private static void assertNear(
      double expected, float actual, int terms, double magnitude, long seed) {
    comparedValues++;
    if (!(Math.abs(actual - expected) <= terms * EPSILON * magnitude)) {
      assertThat((double) actual)
          .as("seed=%d terms=%d magnitude=%g", seed, terms, magnitude)
          .isEqualTo(expected);
    }
  }

  private static void assertSameBits(
      Matrix expected, Matrix actual, ProductCase product, long seed) {
    for (int row = 0; row < product.rows; row++) {
      for (int unit = 0; unit < product.layout.paddedUnits(); unit++) {
        assertSameBits(expected.get(row, unit), actual.get(row, unit), row, unit, seed);
      }
    }
  }

  private static void assertAllSameBits(Matrix expected, Matrix actual, long seed) {
    for (int row = 0; row < expected.rows(); row++) {
      for (int column = 0; column < expected.columns(); column++) {
        assertSameBits(expected.get(row, column), actual.get(row, column), row, column, seed);
      }
    }
  }

  private static void assertSameBits(float expected, float actual, int row, int column, long seed) {
    comparedValues++;
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
      assertThat(actual).as("seed=%d row=%d column=%d", seed, row, column).isEqualTo(expected);
    }
  }

  private static void assertClosedUntouched(ProductCase product, Matrix y) {
    for (int row = 0; row < product.rows; row++) {
      for (int unit = 0; unit < product.layout.paddedUnits(); unit++) {
        boolean untouched = y.get(row, unit) == ProductCase.CANARY;
        assertThat(untouched).isEqualTo(!product.isOpen(row, unit));
      }
      for (long at = product.layout.paddedUnits() * 4L; at < y.strideBytes(); at += 4) {
        float padding = y.row(row).get(AlignedMemory.FLOAT, at);
        assertThat(padding).isEqualTo(ProductCase.CANARY);
      }
    }
  }

  private static Matrix randomGradient(ProductCase product, long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    Matrix dy = Matrix.allocate(product.arena, product.rows, product.layout.paddedUnits());
    for (int row = 0; row < product.rows; row++) {
      for (int unit = 0; unit < product.layout.units(); unit++) {
        dy.set(row, unit, (float) random.nextDouble(-1, 1));
      }
    }
    return dy;
  }

  /// The gradient in transposed panels of 32, whatever the forward panels are, in slices of `rowsPerCall` rows.
  private static Matrix inputGrad(
      Kernels kernels, ProductCase product, Matrix dy, RowGroups groups, int rowsPerCall) {
    PanelLayout transposedLayout =
        new PanelLayout(product.layout.inputs(), product.layout.paddedUnits(), 32);
    Panels transposed = Panels.allocate(product.arena, transposedLayout);
    Matrix dx = Matrix.allocate(product.arena, product.rows, transposedLayout.paddedUnits());
    MatMulKernels matMul = kernels.matMul(32);
    for (int inputBlock = 0; inputBlock < transposedLayout.blocks(); inputBlock++) {
      product.weights.transposeInto(inputBlock, transposed);
      for (int row = 0; row < product.rows; row += rowsPerCall) {
        int toRow = Math.min(row + rowsPerCall, product.rows);
        matMul.inputGrad(
            transposed, dy, groups, product.layout.blockSize(), inputBlock, row, toRow, dx);
      }
    }
    return dx;
  }

  private static void assertInputGradNearOracle(
      ProductCase product, Matrix dy, boolean dense, Matrix dx, long seed) {
    for (int row = 0; row < product.rows; row++) {
      for (int input = 0; input < product.layout.inputs(); input++) {
        double sum = 0;
        double magnitude = 0;
        for (int unit = 0; unit < product.layout.units(); unit++) {
          if (dense || product.isOpen(row, unit)) {
            double term = (double) dy.get(row, unit) * product.weights.get(unit, input);
            sum += term;
            magnitude += Math.abs(term);
          }
        }
        assertNear(sum, dx.get(row, input), product.layout.paddedUnits(), magnitude, seed);
      }
    }
  }

  private static MemorySegment weightGrad(
      Kernels kernels, ProductCase product, Matrix dy, Panels dw) {
    MemorySegment dbias = AlignedMemory.allocateFloats(product.arena, product.layout.paddedUnits());
    WeightGradKernels weightGrad = kernels.weightGrad(product.layout.blockSize());
    for (int block = 0; block < product.layout.blocks(); block++) {
      weightGrad.weightGrad(product.x, dy, product.groups, block, dw, dbias);
    }
    return dbias;
  }

  private static void assertWeightGradNearOracle(
      ProductCase product, Matrix dy, Panels dw, long seed) {
    for (int unit = 0; unit < product.layout.units(); unit++) {
      for (int input = 0; input < product.layout.inputs(); input++) {
        double sum = 0;
        double magnitude = 0;
        for (int row = 0; row < product.rows; row++) {
          if (product.isOpen(row, unit)) {
            double term = (double) product.x.get(row, input) * dy.get(row, unit);
            sum += term;
            magnitude += Math.abs(term);
          }
        }
        assertNear(sum, dw.get(unit, input), product.rows, magnitude, seed);
      }
    }
  }
}
