package dev.sluice.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LinearGate;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.kernel.Activation;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.RowGroups;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Matrix;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import jdk.jfr.Recording;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No call allocates, counted by the JVM for this thread once the code is compiled: before that the Vector API boxes its vectors.
///
/// Kernels are compiled by themselves first: a predictor that is compiled before them takes them into its own code, where the JIT's limits may
/// leave vectors boxed for good. Which of the two comes first is otherwise a matter of the machine's load.
class AllocationTest {
  private static final int ROUNDS = 2000;
  private static final int CALLS_PER_WINDOW = 100;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @BeforeAll
  static void kernelsAllocateNothing() {
    try (Arena arena = Arena.ofShared()) {
      for (int blockSize : new int[] {8, 32}) {
        assertBecomeFree(
            KernelProvider.all().stream()
                .map(kernels -> kernelCalls(kernels, blockSize, arena))
                .toList());
      }
    }
  }

  /// Four blocks and one more, all and some inputs, a tile of rows and two more.
  private static Runnable kernelCalls(Kernels kernels, int blockSize, Arena arena) {
    Panels w = Panels.allocate(arena, new PanelLayout(5 * blockSize, 20, blockSize));
    MemorySegment bias = AlignedMemory.allocateFloats(arena, 5 * blockSize);
    Matrix x = Matrix.allocate(arena, 10, 20);
    Matrix y = Matrix.allocate(arena, 10, 5 * blockSize);
    ActiveSet blocks = ActiveSet.all(5);
    ActiveSet inputs = new ActiveSet(20);
    inputs.add(3);
    inputs.add(7);
    RowGroups groups = RowGroups.dense(5, 10);
    MatVecKernels matVec = kernels.matVec(blockSize);
    MatMulKernels matMul = kernels.matMul(blockSize);
    ElementwiseKernels elementwise = kernels.elementwise();
    return () -> {
      matVec.gatedMatVec(w, bias, x.data(), blocks, y.data());
      matVec.gatedMatVec(w, bias, x.data(), inputs, blocks, y.data());
      matMul.gatedMatMul(w, bias, x, groups, 1, 0, 10, y);
      elementwise.activate(Activation.GELU, y.data(), 0, 5 * blockSize, y.data());
      elementwise.softmaxInPlace(y.data(), 0, 3);
    };
  }

  private static void assertBecomeFree(List<Runnable> calls) {
    long[] least = new long[calls.size()];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int round = 0; round < ROUNDS && !areFree(least); round++) {
      for (int index = 0; index < least.length; index++) {
        Runnable call = calls.get(index);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int repeat = 0; repeat < CALLS_PER_WINDOW; repeat++) {
          call.run();
        }
        least[index] = Math.min(least[index], THREADS.getCurrentThreadAllocatedBytes() - before);
      }
    }
    List<Kernels> kernels = KernelProvider.all();
    assertTrue(
        areFree(least),
        () -> "bytes per " + CALLS_PER_WINDOW + " calls: " + Arrays.toString(least) + kernels);
  }

  /// Reading the counter costs some bytes itself, but not one per call.
  private static boolean areFree(long[] least) {
    return Arrays.stream(least).allMatch(bytes -> bytes < CALLS_PER_WINDOW);
  }

  private static ModelSpec spec(String form, Granularity granularity) {
    GateSpec gate = new GateSpec(GateForms.parse(form), granularity, 1f, 0.6f, 2);
    return ModelSpec.gated(List.of(20, 40, 24, 3), 8, Activation.GELU, OutputForm.SOFTMAX, gate);
  }

  @ParameterizedTest
  @CsvSource({"linear, BLOCK", "low-rank:8, UNIT", "two-layer:8, BLOCK", "static, UNIT"})
  void predictionsTheirCountsAndStatisticsAllocateNothing(String form, Granularity granularity) {
    SplittableRandom random = new SplittableRandom(5);
    try (Model model = TestModels.random(spec(form, granularity), random)) {
      float[][] rows = new float[8][];
      Arrays.setAll(rows, row -> TestModels.randomRows(1, 20, random));
      assertBecomeFree(
          KernelProvider.all().stream().map(kernels -> predictions(model, kernels, rows)).toList());
    }
  }

  /// While predictions are recorded those that are left out, and after the recording all of them.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void predictionsThatAreNotRecordedAllocateNothing(boolean isRecording) {
    SplittableRandom random = new SplittableRandom(5);
    try (Model model = TestModels.random(spec("linear", Granularity.BLOCK), random);
        Recording recording = new Recording()) {
      recording.enable("dev.sluice.Prediction").with("every", "1000000000");
      recording.start();
      float[][] rows = new float[8][];
      Arrays.setAll(rows, row -> TestModels.randomRows(1, 20, random));
      List<Runnable> calls =
          KernelProvider.all().stream().map(kernels -> predictions(model, kernels, rows)).toList();
      calls.forEach(Runnable::run);
      if (!isRecording) {
        recording.stop();
      }
      assertBecomeFree(calls);
    }
  }

  /// Half of the first layer's tiles are dead, by turns.
  @Test
  void prunedProductsAllocateNothing() {
    SplittableRandom random = new SplittableRandom(6);
    ModelSpec spec = ModelSpec.dense(List.of(128, 40, 3), 8, Activation.RELU, OutputForm.SOFTMAX);
    try (Model model = TestModels.random(spec, random)) {
      Panels weights = TestModels.layer(model, 0).weights();
      for (int unit = 0; unit < 40; unit++) {
        for (int input = 0; input < 128; input++) {
          if ((unit / 8 + input / 32) % 2 == 0) {
            weights.set(unit, input, 0f);
          }
        }
      }
      float[][] rows = new float[8][];
      Arrays.setAll(rows, row -> TestModels.randomRows(1, 128, random));
      assertBecomeFree(
          KernelProvider.all().stream().map(kernels -> predictions(model, kernels, rows)).toList());
      try (Predictor predictor = Predictor.of(model)) {
        predictor.predict(rows[0], new float[3]);
        assertTrue(predictor.macs().skippedAsPrunedMacs(0) > 0, "dead tiles were not left out");
      }
    }
  }

  private static ModelSpec staged(boolean halts) {
    GateSpec gate =
        new GateSpec(new LinearGate(), Granularity.BLOCK, 1, ThresholdRule.standard(), true);
    ExitSpec exit =
        halts
            ? new ExitSpec.Halting(0.1f)
            : new ExitSpec.Confidence(ExitSpec.Measure.ENTROPY, 0.1f);
    LayerSpec head = new LayerSpec.Dense(3, 8, Activation.IDENTITY);
    StageSpec first =
        new StageSpec(
            FeatureSelection.parse("0,2,4-19"),
            false,
            List.of(new LayerSpec.Gated(24, 8, Activation.GELU, gate), head),
            exit);
    StageSpec second =
        new StageSpec(
            FeatureSelection.all(),
            true,
            List.of(new LayerSpec.Gated(40, 8, Activation.RELU, gate, 4), head),
            halts ? exit : null);
    return new ModelSpec(20, List.of(first, second), OutputForm.SOFTMAX);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stagesAllocateNothing(boolean halts) {
    SplittableRandom random = new SplittableRandom(5);
    try (Model model = TestModels.random(staged(halts), random)) {
      float[][] rows = new float[8][];
      Arrays.setAll(rows, row -> TestModels.randomRows(1, 20, random));
      assertBecomeFree(
          KernelProvider.all().stream().map(kernels -> predictions(model, kernels, rows)).toList());
      float[] in = TestModels.randomRows(6, 20, random);
      assertBecomeFree(
          KernelProvider.all().stream().map(kernels -> batches(model, kernels, in)).toList());
    }
  }

  private static Runnable predictions(Model model, Kernels kernels, float[][] rows) {
    Predictor predictor = Predictor.of(model, FeatureCheck.FINITE, kernels);
    GateStatistics statistics = new GateStatistics(model.spec());
    float[] out = new float[3];
    return () -> {
      predictor.predict(rows[(int) statistics.rows() & 7], out);
      statistics.add(predictor);
      if (predictor.macs().executedMacs() == 0) {
        throw new AssertionError("nothing executed");
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"linear, BLOCK", "linear, UNIT"})
  void batchesAndTheirCountsAllocateNothing(String form, Granularity granularity) {
    SplittableRandom random = new SplittableRandom(5);
    try (Model model = TestModels.random(spec(form, granularity), random)) {
      float[] in = TestModels.randomRows(6, 20, random);
      assertBecomeFree(
          KernelProvider.all().stream().map(kernels -> batches(model, kernels, in)).toList());
    }
  }

  private static Runnable batches(Model model, Kernels kernels, float[] in) {
    BatchPredictor batch = BatchPredictor.of(model, 6, FeatureCheck.FINITE, kernels);
    float[] out = new float[18];
    return () -> {
      batch.predict(in, 6, out);
      if (batch.structuralMacs().executedMacs() == 0) {
        throw new AssertionError("nothing executed");
      }
    };
  }
}
