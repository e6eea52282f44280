package dev.sluice.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.kernel.meter.ProductOperations;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Operations measured in every kernel of products against multiply-accumulates counted on open blocks and inputs by loops of the test.
class FlopMeterTest {
  /// Empty, one chunk, several chunks with and without a rest.
  private static final int[] INPUTS = {0, 1, 207, 2500};

  private static final int[] UNITS = {5, 150};

  private interface Check {
    void accept(ProductCase product, long seed);
  }

  private static void forEachCase(WeightPrecision precision, int rows, Check check) {
    long seed = 0;
    for (int inputs : INPUTS) {
      for (int units : UNITS) {
        int blockSize = 8 << (seed % 4);
        seed++;
        try (ProductCase product =
            new ProductCase(seed, units, inputs, blockSize, precision, rows, 0.6)) {
          check.accept(product, seed);
        }
      }
    }
  }

  @Test
  void aScalarRowExecutesTwoOperationsPerMacAndOnePerBiasAndChunk() {
    FlopMeter meter = FlopMeter.of(KernelProvider.all().getFirst());
    try (ProductCase product = new ProductCase(1, 8, 10, 8, 1, 1.0)) {
      product.byRows(meter.kernels(), false);
      ProductOperations operations = meter.of(product.weights);
      // 8 units over 10 inputs, each unit's sum added to +0 and to its bias
      assertEquals(80, operations.fused());
      assertEquals(16, operations.single());
      assertEquals(176, operations.flops());
      assertEquals(320, operations.weightBytes());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void aRowExecutesItsOpenBlocksOverAllInputs(Kernels kernels, WeightPrecision precision) {
    FlopMeter meter = FlopMeter.of(kernels);
    forEachCase(
        precision,
        2,
        (product, seed) -> {
          meter.reset();
          Matrix answer = product.byRows(meter.kernels(), false);
          long macs = openUnits(product) * product.layout.inputs();
          long padding = openPadding(product) * product.layout.inputs();
          assertEquals(padding, meter.of(product.weights).paddingMacs(), "seed=" + seed);
          assertRowsMeasured(product, meter.of(product.weights), macs, seed);
          assertSameBits(product.byRows(kernels, false), answer, seed);
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void aRowExecutesItsOpenBlocksOverListedInputs(Kernels kernels, WeightPrecision precision) {
    FlopMeter meter = FlopMeter.of(kernels);
    forEachCase(
        precision,
        2,
        (product, seed) -> {
          meter.reset();
          Matrix answer = product.byRows(meter.kernels(), true);
          long macs = 0;
          for (int row = 0; row < product.rows; row++) {
            long units = (long) product.openBlocks(row).count() * product.layout.blockSize();
            macs += units * product.nonZeroInputs(row).count();
          }
          assertRowsMeasured(product, meter.of(product.weights), macs, seed);
          assertSameBits(product.byRows(kernels, true), answer, seed);
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource(PrecisionsOfKernels.ALL)
  void aBatchExecutesEachBlockForTheRowsThatOpenIt(Kernels kernels, WeightPrecision precision) {
    FlopMeter meter = FlopMeter.of(kernels);
    for (int rowsPerCall : new int[] {3, 10}) {
      forEachCase(
          precision,
          19,
          (product, seed) -> {
            meter.reset();
            Matrix answer = product.byBatch(meter.kernels(), rowsPerCall);
            ProductOperations operations = meter.of(product.weights);
            assertEquals(
                openUnits(product) * product.layout.inputs(), operations.macs(), "seed=" + seed);
            assertEquals(0, operations.unexplainedFlops(), "seed=" + seed + ", " + operations);
            assertEquals(openPadding(product) * product.layout.inputs(), operations.paddingMacs());
            assertSameBits(product.byBatch(kernels, rowsPerCall), answer, seed);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("dev.sluice.kernel.ProductContractTest#implementations")
  void theGradientOfInputsExecutesOpenBlocksOnly(Kernels kernels) {
    FlopMeter meter = FlopMeter.of(kernels);
    for (boolean dense : new boolean[] {false, true}) {
      forEachCase(
          WeightPrecision.F32,
          7,
          (product, seed) -> {
            if (product.layout.inputs() == 0) {
              return;
            }
            meter.reset();
            assertInputGradMeasured(product, dense, meter, seed);
          });
    }
  }

  private static void assertInputGradMeasured(
      ProductCase product, boolean dense, FlopMeter meter, long seed) {
    PanelLayout layout = product.layout;
    Panels transposed =
        Panels.allocate(product.arena, new PanelLayout(layout.inputs(), layout.paddedUnits(), 16));
    Matrix dy = random(product, layout.paddedUnits(), seed);
    Matrix dx = Matrix.allocate(product.arena, product.rows, transposed.layout().paddedUnits());
    RowGroups groups = dense ? RowGroups.dense(layout.blocks(), product.rows) : product.groups;
    MatMulKernels matMul = meter.kernels().matMul(16);
    for (int block = 0; block < transposed.layout().blocks(); block++) {
      product.weights.transposeInto(block, transposed);
      matMul.inputGrad(transposed, dy, groups, layout.blockSize(), block, 0, 4, dx);
      matMul.inputGrad(transposed, dy, groups, layout.blockSize(), block, 4, product.rows, dx);
    }
    long units = dense ? (long) product.rows * layout.paddedUnits() : openUnits(product);
    long macs = units * transposed.layout().paddedUnits();
    ProductOperations operations = meter.of(transposed);
    assertEquals(macs, operations.macs(), "seed=" + seed);
    assertEquals(0, operations.unexplainedFlops(), "seed=" + seed + ", " + operations);
    long lanesOfNoInput = transposed.layout().paddedUnits() - layout.inputs();
    assertEquals(units * lanesOfNoInput, operations.paddingMacs(), "seed=" + seed);
  }

  @ParameterizedTest
  @MethodSource("dev.sluice.kernel.ProductContractTest#implementations")
  void theGradientOfWeightsExecutesEachBlockForTheRowsThatOpenIt(Kernels kernels) {
    FlopMeter meter = FlopMeter.of(kernels);
    forEachCase(
        WeightPrecision.F32,
        7,
        (product, seed) -> {
          PanelLayout layout = product.layout;
          Panels dw = Panels.allocate(product.arena, layout);
          MemorySegment dbias = AlignedMemory.allocateFloats(product.arena, layout.paddedUnits());
          Matrix dy = random(product, layout.paddedUnits(), seed);
          meter.reset();
          WeightGradKernels gradient = meter.kernels().weightGrad(layout.blockSize());
          for (int block = 0; block < layout.blocks(); block++) {
            gradient.weightGrad(product.x, dy, product.groups, block, dw, dbias);
          }
          ProductOperations operations =
              layout.inputs() == 0 ? meter.ofAllProducts() : meter.of(dw);
          assertEquals(openUnits(product) * layout.inputs(), operations.macs(), "seed=" + seed);
          assertEquals(openUnits(product), operations.single(), "seed=" + seed);
          assertEquals(openPadding(product) * layout.inputs(), operations.paddingMacs());
        });
  }

  /// Padded units that run, summed over the rows.
  private static long openUnits(ProductCase product) {
    long blocks = 0;
    for (boolean isOpen : product.open) {
      blocks += isOpen ? 1 : 0;
    }
    return blocks * product.layout.blockSize();
  }

  /// Those of [#openUnits] that are padding.
  private static long openPadding(ProductCase product) {
    long padding = 0;
    for (int row = 0; row < product.rows; row++) {
      for (int unit = product.layout.units(); unit < product.layout.paddedUnits(); unit++) {
        padding += product.isOpen(row, unit) ? 1 : 0;
      }
    }
    return padding;
  }

  private static void assertRowsMeasured(
      ProductCase product, ProductOperations operations, long macs, long seed) {
    String message = product + ", seed=" + seed + ", " + operations;
    WeightPrecision precision = product.layout.precision();
    assertEquals(macs, operations.macs(), message);
    long scaled = precision.isScaled() ? openUnits(product) : 0;
    assertEquals(macs + scaled, operations.fused(), message);
    assertEquals(macs * precision.elementBytes(), operations.weightBytes(), message);
    assertEquals(openUnits(product), operations.biasSums(), message);
    long unscaled = openUnits(product) - scaled;
    assertEquals(operations.chunkSums() + unscaled, operations.single(), message);
  }

  private static void assertSameBits(Matrix expected, Matrix actual, long seed) {
    assertEquals(-1, expected.data().mismatch(actual.data()), "seed=" + seed);
  }

  private static Matrix random(ProductCase product, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix matrix = Matrix.allocate(product.arena, product.rows, columns);
    for (int row = 0; row < product.rows; row++) {
      for (int column = 0; column < columns; column++) {
        matrix.set(row, column, (float) random.nextGaussian());
      }
    }
    return matrix;
  }
}
