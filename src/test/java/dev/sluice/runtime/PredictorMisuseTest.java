package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.gate.GateForm;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PredictorMisuseTest {
  private static final GateSpec LINEAR =
      new GateSpec(new LinearGate(), Granularity.BLOCK, 1f, 0.5f, 0);
  private static final ModelSpec SPEC =
      ModelSpec.gated(List.of(4, 16, 2), 8, Activation.RELU, OutputForm.IDENTITY, LINEAR);

  private final Model model = TestModels.random(SPEC, new SplittableRandom(1));
  private final Predictor predictor = Predictor.of(model);

  @AfterEach
  void closeModel() {
    if (model.isOpen()) {
      model.close();
    }
  }

  private static void assertFails(
      Class<? extends Exception> type, String message, Executable call) {
    assertEquals(message, assertThrows(type, call).getMessage());
  }

  private static <T> T onThread(String name, Callable<T> call) throws Exception {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, name);
    thread.start();
    thread.join();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  @Test
  void wrongLengthsAreNamed() {
    assertFails(
        IllegalArgumentException.class,
        "input length differs from model: expected=4, actual=3",
        () -> predictor.predict(new float[3], new float[2]));
    assertFails(
        IllegalArgumentException.class,
        "input length differs from model: expected=4, actual=5",
        () -> predictor.logits(new float[5], new float[2]));
    assertFails(
        IllegalArgumentException.class,
        "output length differs from model: expected=2, actual=3",
        () -> predictor.predict(new float[4], new float[3]));
    assertFails(
        IllegalArgumentException.class,
        "output length differs from model: expected=2, actual=1",
        () -> predictor.predict(segment(16), segment(4)));
    assertFails(
        IllegalArgumentException.class,
        "input is not a whole number of floats: bytes=15",
        () -> predictor.predict(segment(15), segment(8)));
    assertFails(
        IllegalArgumentException.class,
        "layer index out of range: layer=2, layers=2",
        () -> predictor.openBlocks(2));
    assertFails(
        IllegalArgumentException.class,
        "layer index out of range: layer=-1, layers=2",
        () -> predictor.openGates(-1));
  }

  private static MemorySegment segment(int bytes) {
    return MemorySegment.ofArray(new byte[bytes]);
  }

  @Test
  void aSecondThreadIsRefusedUntilThePredictorIsHandedOver() throws Exception {
    float[] here = new float[2];
    predictor.predict(new float[] {1, 2, 3, 4}, here);
    Thread owner = Thread.currentThread();

    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () ->
                onThread(
                    "second",
                    () -> {
                      predictor.predict(new float[4], new float[2]);
                      return here;
                    }));
    String prefix =
        "predictor belongs to another thread, attach() hands it over: owner="
            + owner.getName()
            + "#"
            + owner.threadId()
            + ", caller=second#";
    assertTrue(refused.getMessage().startsWith(prefix), refused.getMessage());

    float[] there =
        onThread(
            "third",
            () -> {
              predictor.attach();
              float[] out = new float[2];
              predictor.predict(new float[] {1, 2, 3, 4}, out);
              return out;
            });
    assertArrayEquals(here, there);
    assertThrows(IllegalStateException.class, () -> predictor.predict(new float[4], new float[2]));
    assertThrows(IllegalStateException.class, predictor::macs);
  }

  @Test
  void aBatchPredictorRefusesASecondThreadToo() throws Exception {
    try (BatchPredictor batch = BatchPredictor.of(model, 2)) {
      Callable<float[]> call =
          () -> {
            float[] out = new float[4];
            batch.predict(new float[8], 2, out);
            return out;
          };
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> onThread("second", call));
      assertTrue(refused.getMessage().startsWith("batch predictor belongs to another thread"));
      float[] expected = call.call();
      float[] handedOver =
          onThread(
              "third",
              () -> {
                batch.attach();
                return call.call();
              });
      assertArrayEquals(expected, handedOver);
    }
  }

  @Test
  void aClosedModelIsRefused() {
    model.close();
    assertFails(
        IllegalStateException.class,
        "model is closed: layers=4-16-2",
        () -> predictor.predict(new float[4], new float[2]));
    assertFails(
        IllegalStateException.class, "model is closed: layers=4-16-2", () -> Predictor.of(model));
  }

  @Test
  void aClosedPredictorIsRefused() {
    predictor.close();
    predictor.close();
    assertFails(
        IllegalStateException.class,
        "predictor is closed: layers=4-16-2",
        () -> predictor.predict(new float[4], new float[2]));
  }

  @Test
  void strictPredictorsNameTheFeatureThatIsNotFinite() {
    Predictor strict = Predictor.of(model, FeatureCheck.FINITE);
    float[] out = {5f, 6f};
    assertFails(
        IllegalArgumentException.class,
        "feature is not finite: index=2, value=NaN",
        () -> strict.predict(new float[] {1, 2, Float.NaN, Float.POSITIVE_INFINITY}, out));
    assertFails(
        IllegalArgumentException.class,
        "feature is not finite: index=3, value=Infinity",
        () -> strict.logits(new float[] {1, 2, 3, Float.POSITIVE_INFINITY}, out));
    assertArrayEquals(new float[] {5f, 6f}, out);
    assertFalse(strict.hasAnswered());
    strict.predict(new float[] {1, 2, Float.MAX_VALUE, -0f}, out);
    assertTrue(strict.hasAnswered());
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void nanFeaturesCloseGatesUnlessTheMinimumNeedsThem(Kernels kernels) {
    float[] nan = {Float.NaN, 0, 0, 0};
    float[] out = new float[2];
    Predictor closing = Predictor.of(model, FeatureCheck.NONE, kernels);
    closing.predict(nan, out);
    assertEquals("[]", closing.openBlocks(0).toString());
    // nothing that saw the NaN was executed: the answer is the output's bias
    closing.predict(new float[4], new float[2]);
    assertTrue(Float.isFinite(out[0]) && Float.isFinite(out[1]));

    GateSpec atLeastOne = new GateSpec(new LinearGate(), Granularity.BLOCK, 1f, 0.5f, 1);
    ModelSpec spec =
        ModelSpec.gated(List.of(4, 16, 2), 8, Activation.RELU, OutputForm.IDENTITY, atLeastOne);
    try (Model keeping = TestModels.random(spec, new SplittableRandom(1))) {
      Predictor opening = Predictor.of(keeping, FeatureCheck.NONE, kernels);
      opening.predict(nan, out);
      assertEquals("[0]", opening.openBlocks(0).toString());
      assertTrue(Float.isNaN(out[0]) && Float.isNaN(out[1]));
    }
  }

  @ParameterizedTest
  @MethodSource(TestKernels.ALL)
  void specialFeaturesGiveTheReferencesBits(Kernels kernels) {
    float[] special = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      -0f
    };
    Predictor each = Predictor.of(model, FeatureCheck.NONE, kernels);
    for (int first = 0; first < special.length; first++) {
      for (int second = 0; second < special.length; second++) {
        float[] in = {1f, special[first], special[second], -1f};
        float[] out = new float[2];
        each.predict(in, out);
        float[] expected = new ReferenceNetwork(model).predict(in);
        PredictorBitsTest.assertBits(expected, out, special[first] + ", " + special[second]);
      }
    }
  }

  @Test
  void weightsThatDifferFromTheBlueprintAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      ModelSpec other =
          ModelSpec.gated(List.of(4, 24, 2), 8, Activation.RELU, OutputForm.IDENTITY, LINEAR);
      Weights weights = Weights.allocate(arena, other);
      assertRefused(new Model(SPEC, weights, Map.of(), Arena.ofShared()), "layer=0");

      List<LayerWeights> layers = model.weights().layers();
      Weights gateMissing =
          new Weights(
              List.of(new LayerWeights(layers.get(0).projection(), List.of()), layers.get(1)));
      assertRefused(
          new Model(SPEC, gateMissing, Map.of(), Arena.ofShared()), "gate products of layer 0");

      Weights narrow = weights.convert(arena, WeightPrecision.INT8);
      assertRefused(new Model(SPEC, narrow, Map.of(), Arena.ofShared()), "layer=0");

      Weights layerMissing = new Weights(layers.subList(0, 1));
      assertRefused(new Model(SPEC, layerMissing, Map.of(), Arena.ofShared()), "layers");
    }
  }

  private static void assertRefused(Model wrong, String place) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Predictor.of(wrong)).getMessage();
    assertTrue(message.contains("blueprint: " + place + ", expected="), message);
    assertThrows(IllegalArgumentException.class, () -> BatchPredictor.of(wrong, 3));
    wrong.close();
  }

  @Test
  void gateFormsWhoseChainDoesNotFitAreRefused() {
    assertRefusesForm("inputs of a gate product of layer 0", product(3, 2));
    assertRefusesForm("gate logits of layer 0", product(4, 3));
    assertRefusesForm("gate logits of layer 0");
    assertRefusesForm("inputs of a gate product of layer 0", product(4, 5), product(6, 2));
  }

  private static ProjectionSpec product(int inputs, int units) {
    return ProjectionSpec.inGate(inputs, units, true, Activation.IDENTITY);
  }

  private static void assertRefusesForm(String place, ProjectionSpec... chain) {
    GateForm form =
        new GateForm() {
          @Override
          public String name() {
            return "misshapen";
          }

          @Override
          public Map<String, Integer> parameters() {
            return Map.of();
          }

          @Override
          public List<ProjectionSpec> projections(int inputs, int gates) {
            return List.of(chain);
          }

          @Override
          public float initialStandardDeviation(int index, int inputs) {
            return 0f;
          }
        };
    ModelSpec spec =
        ModelSpec.gated(
            List.of(4, 16, 2),
            8,
            Activation.RELU,
            OutputForm.IDENTITY,
            GateSpec.of(form, Granularity.BLOCK));
    assertRefused(TestModels.zeros(spec), place);
  }

  @Test
  void blueprintsWithoutGatesAcceptDenseWeights() {
    ModelSpec dense = SPEC.withoutGates();
    assertFalse(dense.layers().stream().anyMatch(layer -> layer instanceof LayerSpec.Gated));
    try (Model plain = TestModels.random(dense, new SplittableRandom(2))) {
      Predictor.of(plain).predict(new float[4], new float[2]);
    }
  }
}
