package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.OptimizerKernels.AdamWStep;
import dev.sluice.kernel.OptimizerKernels.SgdStep;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every implementation and width against the papers' formulas in double precision and, bit for bit, against the scalar truth.
class OptimizerContractTest {
  private static final OptimizerKernels SCALAR = KernelProvider.all().get(0).optimizer();

  /// 0.999 as f32 makes 1 − beta2 1.3e-5 smaller: corrections from any other beta2 would not fit the moments.
  private static final float BETA_1 = 0.9f;

  private static final float BETA_2 = 0.999f;

  private static final ImplementationsRun RUN = new ImplementationsRun();

  static Stream<Kernels> implementations() {
    return KernelProvider.all().stream();
  }

  @AfterAll
  static void everyWidthOfThisMachineRan() {
    RUN.assertComplete(100_000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void adamWFollowsLoshchilovAndHutterForFiftySteps(Kernels kernels) {
    double learningRate = 0.01;
    double beta1 = BETA_1;
    double beta2 = BETA_2;
    double epsilon = 1e-8;
    double weightDecay = 0.1;
    int count = 207;
    Random random = new Random(1);
    double[] m = new double[count];
    double[] v = new double[count];
    double[] w = new double[count];
    float[] start = GuardedFloats.moderate(random, count);
    for (int i = 0; i < count; i++) {
      w[i] = start[i];
    }
    try (State state = new State(start, 4)) {
      for (int t = 1; t <= 50; t++) {
        float[] gradient = new float[count];
        for (int i = 0; i < count; i++) {
          gradient[i] = (float) random.nextGaussian() * 4;
          double g = 0.25 * gradient[i];
          m[i] = beta1 * m[i] + (1 - beta1) * g;
          v[i] = beta2 * v[i] + (1 - beta2) * g * g;
          double correctedM = m[i] / (1 - Math.pow(beta1, t));
          double correctedV = v[i] / (1 - Math.pow(beta2, t));
          w[i] -=
              learningRate * (correctedM / (Math.sqrt(correctedV) + epsilon) + weightDecay * w[i]);
        }
        AdamWStep step = adamWStep(t, learningRate, epsilon, weightDecay, 0.25);
        state.adamW(kernels.optimizer(), step, gradient);
        float[] actual = state.w.values("w");
        for (int i = 0; i < count; i++) {
          // Each step rounds w a few times, and the update, at most 0.1, by some 2^-21 of itself.
          double bound = t * (2 * 0x1p-24 * Math.max(1, Math.abs(start[i])) + 0.1 * 0x1p-20);
          assertThat((double) actual[i])
              .as("%s, t=%d, index=%d", kernels.name(), t, i)
              .isCloseTo(w[i], within(bound));
        }
        RUN.add(kernels, count);
      }
    }
  }

  /// Worked out by hand: at t = 1 the corrected moments are g and g², so the step is the learning rate, whatever g is.
  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void theFirstAdamWStepIsTheLearningRateAgainstTheGradientsSign(Kernels kernels) {
    float[] start = new float[37];
    float[] gradient = new float[37];
    for (int i = 0; i < 37; i++) {
      start[i] = 1f;
      gradient[i] = (i % 2 == 0 ? 1f : -1f) * (0.5f + i);
    }
    try (State state = new State(start, 0)) {
      state.adamW(kernels.optimizer(), adamWStep(1, 0.1, 1e-8, 0.01, 1), gradient);
      float[] w = state.w.values("w");
      for (int i = 0; i < 37; i++) {
        assertThat((double) w[i]).isCloseTo(i % 2 == 0 ? 0.899 : 1.099, within(2e-7));
      }
    }
    RUN.add(kernels, 37);
  }

  /// Worked out by hand; every number is a short binary fraction, so equality is exact.
  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void sgdFollowsItsFormulaExactlyOnBinaryFractions(Kernels kernels) {
    // g = 0.25·w + 0.5·2; velocity = 0.5·velocity + g; w = w − 0.5·velocity
    // w 1 → g 1.25, velocity 1.25, w 0.375 → g 1.09375, velocity 1.71875, w −0.484375
    assertSgd(kernels, false, 0.375f, -0.484375f, 1.71875f);
    // w = w − 0.5·(0.5·velocity + g)
    // w 1 → g 1.25, velocity 1.25, w 0.0625 → g 1.015625, velocity 1.640625, w −0.85546875
    assertSgd(kernels, true, 0.0625f, -0.85546875f, 1.640625f);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("implementations")
  void anyStateGivesTheBitsOfTheScalarKernel(Kernels kernels) {
    int lanes = kernels.vectorBits() / Float.SIZE;
    int[] counts = {0, 1, lanes - 1, lanes, lanes + 1, 4 * lanes + 1, 207, 1021, 4098};
    AdamWStep adamW = adamWStep(3, 0.01, 1e-8, 0.1, 0.3);
    for (int count : counts) {
      for (int offsetBytes : new int[] {0, 4, 20, 101}) {
        long seed = 1009L * count + offsetBytes;
        for (int steps = 0; steps < 3; steps++) {
          boolean nesterov = steps == 2;
          boolean isAdamW = steps == 0;
          SgdStep sgd = new SgdStep(0.3f, 0.9f, 0.01f, 0.001f, nesterov);
          Random random = new Random(seed);
          float[] start = GuardedFloats.wild(random, count);
          float[] momentum = GuardedFloats.wild(random, count);
          float[] variance = GuardedFloats.wild(random, count);
          float[] gradient = GuardedFloats.wild(random, count);
          try (State expected = new State(start, momentum, variance, 0);
              State actual = new State(start, momentum, variance, offsetBytes)) {
            if (isAdamW) {
              expected.adamW(SCALAR, adamW, gradient);
              actual.adamW(kernels.optimizer(), adamW, gradient);
            } else {
              expected.sgd(SCALAR, sgd, gradient);
              actual.sgd(kernels.optimizer(), sgd, gradient);
            }
            String what = kernels.name() + ", seed=" + seed + ", case=" + steps;
            GuardedFloats.assertSameBits(
                expected.w.values("w"), actual.w.values("w"), what + ", w");
            GuardedFloats.assertSameBits(
                expected.m.values("m"), actual.m.values("m"), what + ", m");
            GuardedFloats.assertSameBits(
                expected.v.values("v"), actual.v.values("v"), what + ", v");
          }
          RUN.add(kernels, 3 * count);
        }
      }
    }
  }

  private static void assertSgd(
      Kernels kernels, boolean nesterov, float firstW, float secondW, float secondVelocity) {
    float[] start = new float[37];
    Arrays.fill(start, 1f);
    float[] gradient = new float[37];
    Arrays.fill(gradient, 2f);
    SgdStep step = new SgdStep(0.5f, 0.5f, 0.5f, 0.25f, nesterov);
    try (State state = new State(start, 0)) {
      state.sgd(kernels.optimizer(), step, gradient);
      assertThat(state.w.values("w")).containsOnly(firstW);
      state.sgd(kernels.optimizer(), step, gradient);
      assertThat(state.w.values("w")).containsOnly(secondW);
      assertThat(state.m.values("velocity")).containsOnly(secondVelocity);
    }
    RUN.add(kernels, 3 * 37);
  }

  private static AdamWStep adamWStep(
      int t, double learningRate, double epsilon, double weightDecay, double gradientScale) {
    return new AdamWStep(
        (float) gradientScale,
        BETA_1,
        BETA_2,
        (float) epsilon,
        (float) (learningRate / (1 - Math.pow(BETA_1, t))),
        (float) (1 / Math.sqrt(1 - Math.pow(BETA_2, t))),
        (float) (1 - learningRate * weightDecay));
  }

  /// Parameters with their moments; SGD's velocity is `m`.
  private static final class State implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final int offsetBytes;
    private final int count;
    final GuardedFloats m;
    final GuardedFloats v;
    final GuardedFloats w;

    State(float[] start, int offsetBytes) {
      this(start, new float[start.length], new float[start.length], offsetBytes);
    }

    State(float[] w, float[] m, float[] v, int offsetBytes) {
      this.offsetBytes = offsetBytes;
      this.count = w.length;
      this.m = new GuardedFloats(arena, m, offsetBytes);
      this.v = new GuardedFloats(arena, v, offsetBytes);
      this.w = new GuardedFloats(arena, w, offsetBytes);
    }

    void adamW(OptimizerKernels kernels, AdamWStep step, float[] gradient) {
      GuardedFloats g = new GuardedFloats(arena, gradient, offsetBytes);
      kernels.adamW(step, g.segment(), m.segment(), v.segment(), offsetBytes, count, w.segment());
      GuardedFloats.assertSameBits(gradient, g.values("gradient"), "gradient changed");
    }

    void sgd(OptimizerKernels kernels, SgdStep step, float[] gradient) {
      GuardedFloats g = new GuardedFloats(arena, gradient, offsetBytes);
      kernels.sgd(step, g.segment(), m.segment(), offsetBytes, count, w.segment());
      GuardedFloats.assertSameBits(gradient, g.values("gradient"), "gradient changed");
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
