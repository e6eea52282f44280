package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every implementation and width against a double-precision oracle and, bit for bit, against the scalar truth.
class ElementwiseContractTest {
  /// On vector boundaries, off them, and off the boundary of an f32.
  private static final int[] OFFSETS_BYTES = {0, 4, 20, 64, 101};

  private static final ElementwiseKernels SCALAR = KernelProvider.all().get(0).elementwise();

  private static final ImplementationsRun RUN = new ImplementationsRun();

  static Stream<Kernels> implementations() {
    return KernelProvider.all().stream();
  }

  @AfterAll
  static void everyWidthOfThisMachineRan() {
    RUN.assertComplete(400_000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void resultsLieWithinTheirBoundOfTheOracle(Kernels kernels) {
    for (ElementwiseOperation operation : ElementwiseOperation.values()) {
      for (int count : counts(kernels)) {
        long seed = 31L * count + operation.ordinal();
        Random random = new Random(seed);
        float[] a = GuardedFloats.moderate(random, count);
        float[] b = GuardedFloats.moderate(random, count);
        float[] before = GuardedFloats.moderate(random, count);
        float[] after = run(kernels.elementwise(), operation, a, b, before, 20);
        for (int i = 0; i < count; i++) {
          assertThat(Math.abs(after[i] - operation.exact(a[i], b[i], before[i])))
              .as(
                  "%s %s(%s, %s, %s) = %s, exact=%s, seed=%d, index=%d",
                  kernels.name(),
                  operation,
                  a[i],
                  b[i],
                  before[i],
                  after[i],
                  operation.exact(a[i], b[i], before[i]),
                  seed,
                  i)
              .isLessThanOrEqualTo(operation.bound(a[i], b[i], before[i]));
        }
        RUN.add(kernels, count);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void anyInputGivesTheBitsOfTheScalarKernel(Kernels kernels) {
    for (ElementwiseOperation operation : ElementwiseOperation.values()) {
      for (int count : counts(kernels)) {
        for (int offsetBytes : OFFSETS_BYTES) {
          long seed = 1_000_003L * count + 101L * offsetBytes + operation.ordinal();
          Random random = new Random(seed);
          float[] a = GuardedFloats.wild(random, count);
          float[] b = GuardedFloats.wild(random, count);
          float[] before = GuardedFloats.wild(random, count);
          GuardedFloats.assertSameBits(
              run(SCALAR, operation, a, b, before, 0),
              run(kernels.elementwise(), operation, a, b, before, offsetBytes),
              kernels.name() + " " + operation + ", offset=" + offsetBytes + ", seed=" + seed);
          RUN.add(kernels, count);
        }
      }
    }
  }

  /// Interpreted, the Vector API runs other code than what the JIT makes of it: some 60 000 turns of a loop see to that.
  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void compiledLoopsGiveTheBitsOfTheScalarKernelToo(Kernels kernels) {
    int count = 4098;
    int calls = 60_000 / (count * Float.SIZE / kernels.vectorBits());
    for (ElementwiseOperation operation : ElementwiseOperation.values()) {
      Random random = new Random(operation.ordinal());
      float[] a = GuardedFloats.wild(random, count);
      float[] b = GuardedFloats.wild(random, count);
      float[] before = GuardedFloats.wild(random, count);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment first = new GuardedFloats(arena, a, 4).segment();
        MemorySegment second = new GuardedFloats(arena, b, 4).segment();
        for (int call = 0; call < calls; call++) {
          MemorySegment output = new GuardedFloats(arena, before, 4).segment();
          operation.run(kernels.elementwise(), first, second, 4, count, output);
        }
      }
      GuardedFloats.assertSameBits(
          run(SCALAR, operation, a, b, before, 0),
          run(kernels.elementwise(), operation, a, b, before, 4),
          kernels.name() + " " + operation + " after " + calls + " calls");
      RUN.add(kernels, count);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void outputsMayBeTheMemoryOfEitherInput(Kernels kernels) {
    for (ElementwiseOperation operation : ElementwiseOperation.values()) {
      Random random = new Random(operation.ordinal());
      float[] a = GuardedFloats.wild(random, 207);
      float[] b = GuardedFloats.wild(random, 207);
      try (Arena arena = Arena.ofConfined()) {
        GuardedFloats overA = new GuardedFloats(arena, a, 4);
        MemorySegment besideB = new GuardedFloats(arena, b, 4).segment();
        operation.run(kernels.elementwise(), overA.segment(), besideB, 4, 207, overA.segment());
        GuardedFloats.assertSameBits(
            run(SCALAR, operation, a, b, a, 0),
            overA.values("first input"),
            kernels.name() + " " + operation + " over its first input");

        GuardedFloats overB = new GuardedFloats(arena, b, 4);
        MemorySegment besideA = new GuardedFloats(arena, a, 4).segment();
        operation.run(kernels.elementwise(), besideA, overB.segment(), 4, 207, overB.segment());
        GuardedFloats.assertSameBits(
            run(SCALAR, operation, a, b, b, 0),
            overB.values("second input"),
            kernels.name() + " " + operation + " over its second input");
      }
      RUN.add(kernels, 207);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void limitsAreReachedAndZerosKeepTheirSign(Kernels kernels) {
    float infinity = Float.POSITIVE_INFINITY;
    assertValue(kernels, ElementwiseOperation.EXP, 0f, 1f);
    assertValue(kernels, ElementwiseOperation.EXP, -infinity, 0f);
    assertValue(kernels, ElementwiseOperation.EXP, infinity, 0x1.67c744p127f);
    assertValue(kernels, ElementwiseOperation.EXP, Float.NaN, Float.NaN);
    assertValue(kernels, ElementwiseOperation.SIGMOID, 0f, 0.5f);
    assertValue(kernels, ElementwiseOperation.SIGMOID, -infinity, 0f);
    assertValue(kernels, ElementwiseOperation.SIGMOID, infinity, 1f);
    assertValue(kernels, ElementwiseOperation.SIGMOID, Float.NaN, Float.NaN);
    assertValue(kernels, ElementwiseOperation.TANH, -0f, -0f);
    assertValue(kernels, ElementwiseOperation.TANH, -infinity, -1f);
    assertValue(kernels, ElementwiseOperation.TANH, infinity, 1f);
    assertValue(kernels, ElementwiseOperation.TANH, Float.MIN_VALUE, Float.MIN_VALUE);
    assertValue(kernels, ElementwiseOperation.TANH, Float.NaN, Float.NaN);
    assertValue(kernels, ElementwiseOperation.GELU, -0f, -0f);
    assertValue(kernels, ElementwiseOperation.GELU, -infinity, -0f);
    assertValue(kernels, ElementwiseOperation.GELU, infinity, infinity);
    assertValue(kernels, ElementwiseOperation.GELU, Float.MAX_VALUE, Float.MAX_VALUE);
    assertValue(kernels, ElementwiseOperation.GELU, Float.NaN, Float.NaN);
    assertValue(kernels, ElementwiseOperation.RELU, -0f, 0f);
    assertValue(kernels, ElementwiseOperation.RELU, -infinity, 0f);
    assertValue(kernels, ElementwiseOperation.RELU, Float.MIN_VALUE, Float.MIN_VALUE);
    assertValue(kernels, ElementwiseOperation.RELU, Float.NaN, Float.NaN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void gradientsAtTheLimitsAreFinite(Kernels kernels) {
    float[] dy = {2f, 2f, 2f, 2f, 2f, Float.NaN, Float.POSITIVE_INFINITY};
    float[] z = {
      Float.NEGATIVE_INFINITY,
      Float.POSITIVE_INFINITY,
      -Float.MAX_VALUE,
      Float.MAX_VALUE,
      0f,
      -1f,
      -1f
    };
    GuardedFloats.assertSameBits(
        new float[] {0f, 2f, 0f, 2f, 0f, 0f, 0f},
        run(kernels.elementwise(), ElementwiseOperation.RELU_GRAD, dy, z, dy, 0),
        kernels.name() + " relu");
    float[] gelu = run(kernels.elementwise(), ElementwiseOperation.GELU_GRAD, dy, z, dy, 0);
    assertThat(gelu).startsWith(0f, 2f, 0f, 2f);
    assertThat(gelu[4]).isCloseTo(1f, within(1e-6f));
    RUN.add(kernels, 14);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void gradientsAgreeWithFiniteDifferences(Kernels kernels) {
    assertGradient(kernels, Activation.RELU, ElementwiseOperation::relu);
    assertGradient(kernels, Activation.GELU, ElementwiseOperation::gelu);
    assertGradient(kernels, Activation.TANH, Math::tanh);
    assertGradient(kernels, Activation.IDENTITY, DoubleUnaryOperator.identity());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void accessOutsideASegmentIsRefused(Kernels kernels) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tooShort = arena.allocate(63 * Float.BYTES, 64);
      MemorySegment enough = arena.allocate(64 * Float.BYTES, 64);
      assertThatThrownBy(() -> kernels.elementwise().exp(tooShort, 0, 64, enough))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> kernels.elementwise().exp(enough, 0, 64, tooShort))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> kernels.elementwise().multiply(enough, tooShort, 0, 64, enough))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    RUN.add(kernels, 3);
  }

  private static void assertGradient(
      Kernels kernels, Activation activation, DoubleUnaryOperator function) {
    double h = 1e-5;
    int count = 1021;
    Random random = new Random(activation.ordinal());
    float[] z = new float[count];
    float[] dy = new float[count];
    for (int i = 0; i < count; i++) {
      z[i] = 16f * i / count - 8f + 0.0037f;
      dy[i] = (float) random.nextGaussian();
    }
    try (Arena arena = Arena.ofConfined()) {
      GuardedFloats zs = new GuardedFloats(arena, z, 4);
      GuardedFloats ys = new GuardedFloats(arena, z, 4);
      GuardedFloats slopes = new GuardedFloats(arena, dy, 4);
      GuardedFloats dz = new GuardedFloats(arena, dy, 4);
      ElementwiseKernels elementwise = kernels.elementwise();
      elementwise.activate(activation, zs.segment(), 4, count, ys.segment());
      elementwise.activationGrad(
          activation, slopes.segment(), zs.segment(), ys.segment(), 4, count, dz.segment());
      float[] gradients = dz.values("dz");
      for (int i = 0; i < count; i++) {
        double difference =
            (function.applyAsDouble(z[i] + h) - function.applyAsDouble(z[i] - h)) / (2 * h);
        assertThat(Math.abs(gradients[i] - dy[i] * difference))
            .as("%s %s at z=%s, dy=%s: %s", kernels.name(), activation, z[i], dy[i], gradients[i])
            .isLessThanOrEqualTo(6e-7 * Math.abs(dy[i]));
      }
    }
    RUN.add(kernels, count);
  }

  private static void assertValue(
      Kernels kernels, ElementwiseOperation operation, float input, float expected) {
    float[] inputs = new float[37];
    Arrays.fill(inputs, input);
    float[] expectedAll = new float[37];
    Arrays.fill(expectedAll, expected);
    GuardedFloats.assertSameBits(
        expectedAll,
        run(kernels.elementwise(), operation, inputs, inputs, inputs, 0),
        kernels.name() + " " + operation + " of " + input);
    RUN.add(kernels, 37);
  }

  private static float[] run(
      ElementwiseKernels kernels,
      ElementwiseOperation operation,
      float[] a,
      float[] b,
      float[] before,
      int offsetBytes) {
    try (Arena arena = Arena.ofConfined()) {
      GuardedFloats first = new GuardedFloats(arena, a, offsetBytes);
      GuardedFloats second = new GuardedFloats(arena, b, offsetBytes);
      GuardedFloats output = new GuardedFloats(arena, before, offsetBytes);
      operation.run(
          kernels, first.segment(), second.segment(), offsetBytes, a.length, output.segment());
      GuardedFloats.assertSameBits(a, first.values("a"), operation + " changes its input");
      GuardedFloats.assertSameBits(b, second.values("b"), operation + " changes its input");
      return output.values(operation + " output");
    }
  }

  /// Around one vector and four, and the odd lengths of real rows.
  private static int[] counts(Kernels kernels) {
    int lanes = kernels.vectorBits() / Float.SIZE;
    return new int[] {
      0, 1, Math.max(0, lanes - 1), lanes, lanes + 1, 4 * lanes + 1, 207, 1021, 4098
    };
  }
}
