package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WarmUpTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final long FAR = 60_000_000_000L;

  private static Model model(String form, Granularity granularity) {
    GateSpec gate = new GateSpec(GateForms.parse(form), granularity, 1f, 0.5f, 1);
    ModelSpec spec =
        ModelSpec.gated(List.of(70, 90, 40, 3), 8, Activation.RELU, OutputForm.SOFTMAX, gate);
    return TestModels.random(spec, new SplittableRandom(5));
  }

  private static float[] answer(Predictor predictor) {
    float[] out = new float[3];
    predictor.predict(TestModels.randomRows(1, 70, new SplittableRandom(6)), out);
    return out;
  }

  @ParameterizedTest
  @CsvSource({"linear, BLOCK", "low-rank:8, UNIT", "two-layer:8, BLOCK", "static, UNIT"})
  void leavesNoTrace(String form, Granularity granularity) {
    try (Model model = model(form, granularity)) {
      Predictor predictor = Predictor.of(model);
      float[] expected = answer(Predictor.of(model));
      predictor.warmUp(SHORT);
      assertFalse(predictor.hasAnswered());
      assertEquals(0, predictor.macs().structuralMacs());
      assertEquals(0, predictor.macs().skippedByGateMacs());
      assertThrows(
          IllegalStateException.class, () -> new GateStatistics(model.spec()).add(predictor));
      PredictorBitsTest.assertBits(expected, answer(predictor), form);
      predictor.warmUp(Duration.ZERO);
      assertFalse(predictor.hasAnswered());
      PredictorBitsTest.assertBits(expected, answer(predictor), form);
    }
  }

  @Test
  void laterStagesAreReachedWhateverExitsSay() {
    try (Model model = StagesTest.exiting();
        Predictor predictor = Predictor.of(model);
        BatchPredictor batch = BatchPredictor.of(model, 1)) {
      float[] stopping = {5, 2};
      predictor.ignoreExits(true);
      predictor.predict(stopping, new float[2]);
      assertEquals(1, predictor.stage());
      batch.ignoreExits(true);
      batch.predict(stopping, 1, new float[2]);
      assertEquals(1, batch.stage(0));
      predictor.ignoreExits(false);
      predictor.warmUp(SHORT);
      predictor.predict(stopping, new float[2]);
      assertEquals(0, predictor.stage());
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void leavesNoTraceInBatches(Kernels kernels) {
    try (Model model = model("linear", Granularity.BLOCK);
        BatchPredictor batch = BatchPredictor.of(model, 2, FeatureCheck.NONE, kernels)) {
      float[] in = TestModels.randomRows(2, 70, new SplittableRandom(6));
      float[] expected = new float[6];
      batch.predict(in, 2, expected);
      long executed = batch.macs().executedMacs();
      batch.warmUp(SHORT);
      assertEquals(executed, batch.macs().executedMacs());
      float[] out = new float[6];
      batch.predict(in, 2, out);
      PredictorBitsTest.assertBits(expected, out, kernels.name());
    }
  }

  /// A row that fills the checks' limits: a warm-up must not stumble over what requests may bring.
  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void everySetOfKernelsAndWayOfSkippingWarmsUp(Kernels kernels) {
    for (ZeroSkipping skipping : ZeroSkipping.values()) {
      try (Model model = model("linear", Granularity.UNIT)) {
        Predictor predictor = Predictor.of(model, FeatureCheck.FINITE, kernels, skipping);
        predictor.warmUp(SHORT);
        answer(predictor);
        assertTrue(predictor.hasAnswered());
      }
    }
  }

  @Test
  void misuseIsRefused() throws InterruptedException {
    Model model = model("linear", Granularity.BLOCK);
    Predictor predictor = Predictor.of(model);
    Duration negative = Duration.ofMillis(-1);
    assertThrows(IllegalArgumentException.class, () -> predictor.warmUp(negative));
    AtomicInteger refused = new AtomicInteger();
    Thread other =
        new Thread(
            () -> {
              assertThrows(IllegalStateException.class, () -> predictor.warmUp(SHORT));
              refused.incrementAndGet();
            });
    other.start();
    other.join();
    assertEquals(1, refused.get());
    BatchPredictor batch = BatchPredictor.of(model, 2);
    batch.close();
    assertThrows(IllegalStateException.class, () -> batch.warmUp(SHORT));
    model.close();
    assertThrows(IllegalStateException.class, () -> predictor.warmUp(SHORT));
    predictor.close();
  }

  @Test
  void operationsAreCalledUntilTheJitMustHaveSeenThem() {
    AtomicInteger often = new AtomicInteger();
    AtomicInteger rarely = new AtomicInteger();
    CompileLoop.Operation quick =
        new CompileLoop.Operation(often::incrementAndGet, rarely::incrementAndGet, FAR);
    assertTrue(CompileLoop.run(List.of(quick), FAR, new AtomicLong()::incrementAndGet));
    assertTrue(often.get() + rarely.get() > 5000, "calls=" + often);
    assertTrue(rarely.get() > 5 && rarely.get() < 20, "rare calls=" + rarely);
  }

  @Test
  void whatNeverBecomesQuickEndsWithTheBudget() {
    AtomicInteger calls = new AtomicInteger();
    CompileLoop.Operation slow =
        new CompileLoop.Operation(calls::incrementAndGet, calls::incrementAndGet, -1);
    // each look at this clock takes a nanosecond
    assertFalse(CompileLoop.run(List.of(slow), 10_000, new AtomicLong()::incrementAndGet));
    int all = calls.get();
    assertTrue(all > 5000 && all < 10_000, "calls=" + all);
    assertFalse(CompileLoop.run(List.of(slow), 0, new AtomicLong()::incrementAndGet));
    assertEquals(all, calls.get());
    assertTrue(CompileLoop.run(List.of(), 0, new AtomicLong()::incrementAndGet));
  }

  @Test
  void gatedLayersRehearseMoreLoopsThanDenseOnes() {
    try (Arena arena = Arena.ofShared();
        Model gated = model("linear", Granularity.BLOCK);
        Model dense =
            TestModels.zeros(
                ModelSpec.dense(List.of(70, 96, 3), 8, Activation.RELU, OutputForm.SOFTMAX))) {
      Kernels kernels = KernelProvider.kernels();
      int few = KernelRehearsal.ofRows(dense, kernels, ZeroSkipping.OFF, arena).size();
      // eight blocks, four and one, without lists; ReLU; the output's softmax
      assertEquals(5, few);
      assertTrue(KernelRehearsal.ofRows(gated, kernels, ZeroSkipping.AUTO, arena).size() > 2 * few);
    }
  }
}
