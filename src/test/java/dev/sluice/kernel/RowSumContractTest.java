package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The sums over a row of [ElementwiseKernels], whose order is part of the contract.
class RowSumContractTest {
  private static final int[] COUNTS = {0, 1, 3, 4, 5, 10, 15, 16, 17, 64, 65, 207, 1021, 4098};

  private static final ElementwiseKernels SCALAR = KernelProvider.all().get(0).elementwise();

  private static final ImplementationsRun RUN = new ImplementationsRun();

  static Stream<Kernels> implementations() {
    return KernelProvider.all().stream();
  }

  @AfterAll
  static void everyWidthOfThisMachineRan() {
    RUN.assertComplete(40_000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void theSumOfSquaresTakesTheOrderOfTheContract(Kernels kernels) {
    int run = ElementwiseKernels.SUM_RUN;
    int[] counts = {0, 1, 15, 16, 17, 207, 1021, run - 1, run, run + 1, 2 * run + 16, 3 * run + 77};
    for (int count : counts) {
      Random random = new Random(count);
      float[] x = GuardedFloats.moderate(random, count);
      double exact = 0;
      for (float value : x) {
        exact += (double) value * value;
      }
      try (Arena arena = Arena.ofConfined()) {
        GuardedFloats floats = new GuardedFloats(arena, x, 20);
        double sum = kernels.elementwise().sumOfSquares(floats.segment(), 20, count);
        assertThat(sum)
            .as("%s, count=%d", kernels.name(), count)
            .isEqualTo(sumOfSquaresByDefinition(x));
        // An accumulator takes 256 squares, each rounded once.
        assertThat(Math.abs(sum - exact)).isLessThanOrEqualTo(256 * 0x1p-24 * exact);
      }
      RUN.add(kernels, count);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void softmaxGivesProbabilitiesAndTheLogarithmOfTheirDenominator(Kernels kernels) {
    for (int count : new int[] {1, 2, 10, 16, 17, 64, 207, 1021}) {
      for (int offsetBytes : new int[] {0, 20, 101}) {
        Random random = new Random(count);
        float[] logits = new float[count];
        for (int i = 0; i < count; i++) {
          logits[i] = (float) random.nextGaussian() * 8 + 100;
        }
        float[] probabilities = logits.clone();
        float logSum = softmax(kernels.elementwise(), probabilities, offsetBytes);
        double denominator = 0;
        for (float logit : logits) {
          denominator += Math.exp(logit);
        }
        assertThat((double) logSum).isCloseTo(Math.log(denominator), relative(2e-7));
        // The sum rounds count times; the distance from the maximum, below 64, by 2^-19 at most.
        double bound = (count + 8) * 0x1p-24 + 0x1p-19;
        for (int i = 0; i < count; i++) {
          assertThat((double) probabilities[i])
              .as("%s, count=%d, index=%d", kernels.name(), count, i)
              .isCloseTo(Math.exp(logits[i]) / denominator, relative(bound));
        }
        RUN.add(kernels, count);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void softmaxGivesTheBitsOfTheScalarKernel(Kernels kernels) {
    for (int count : COUNTS) {
      for (boolean wild : new boolean[] {false, true}) {
        Random random = new Random(count);
        float[] expected =
            wild ? GuardedFloats.wild(random, count) : GuardedFloats.moderate(random, count);
        float[] actual = expected.clone();
        float expectedLogSum = softmax(SCALAR, expected, 0);
        float actualLogSum = softmax(kernels.elementwise(), actual, 4);
        String what = kernels.name() + " softmax, count=" + count + ", wild=" + wild;
        GuardedFloats.assertSameBits(expected, actual, what);
        GuardedFloats.assertSameBits(
            new float[] {expectedLogSum}, new float[] {actualLogSum}, what + ", log of the sum");
        RUN.add(kernels, count);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void softmaxOfRowsWithoutAMaximumIsNotANumberAndOfNoneIsEmpty(Kernels kernels) {
    float infinity = Float.POSITIVE_INFINITY;
    for (float bad : new float[] {Float.NaN, infinity}) {
      float[] row = new float[37];
      row[35] = bad;
      assertThat(softmax(kernels.elementwise(), row, 0)).isNaN();
      assertThat(row).containsOnly(Float.NaN);
    }
    float[] nothing = new float[37];
    Arrays.fill(nothing, -infinity);
    assertThat(softmax(kernels.elementwise(), nothing, 0)).isNaN();
    assertThat(softmax(kernels.elementwise(), new float[0], 0)).isEqualTo(-infinity);
    float[] oneOpen = nothing.clone();
    Arrays.fill(oneOpen, -infinity);
    oneOpen[3] = 7f;
    assertThat(softmax(kernels.elementwise(), oneOpen, 0)).isEqualTo(7f);
    assertThat(oneOpen[3]).isEqualTo(1f);
    assertThat(oneOpen[36]).isEqualTo(0f);
    RUN.add(kernels, 4 * 37);
  }

  /// The Javadoc of [ElementwiseKernels#sumOfSquares], word for word.
  private static double sumOfSquaresByDefinition(float[] x) {
    double sum = 0;
    for (int from = 0; from < x.length; from += ElementwiseKernels.SUM_RUN) {
      float[] accumulators = new float[16];
      for (int i = from; i < Math.min(x.length, from + ElementwiseKernels.SUM_RUN); i++) {
        accumulators[i % 16] = Math.fma(x[i], x[i], accumulators[i % 16]);
      }
      double runSum = 0;
      for (float accumulator : accumulators) {
        runSum += accumulator;
      }
      sum += runSum;
    }
    return sum;
  }

  private static float softmax(ElementwiseKernels kernels, float[] row, int offsetBytes) {
    try (Arena arena = Arena.ofConfined()) {
      GuardedFloats alone = new GuardedFloats(arena, row, offsetBytes);
      kernels.softmaxInPlace(alone.segment(), offsetBytes, row.length);
      GuardedFloats floats = new GuardedFloats(arena, row, offsetBytes);
      float logSum = kernels.softmaxAndLogSumInPlace(floats.segment(), offsetBytes, row.length);
      float[] probabilities = floats.values("softmax and logarithm of the sum");
      assertThat(alone.values("softmax")).isEqualTo(probabilities);
      System.arraycopy(probabilities, 0, row, 0, row.length);
      return logSum;
    }
  }

  private static Percentage relative(double fraction) {
    return Percentage.withPercentage(100 * fraction);
  }
}
