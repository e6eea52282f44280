package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.MatMulKernels;
import dev.sluice.kernel.MatVecKernels;
import dev.sluice.kernel.OptimizerKernels;
import dev.sluice.kernel.SelectionKernels;
import dev.sluice.kernel.WeightGradKernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DoctorTest {
  @Test
  void theReportNamesTheKernelsInUseAndWhy() {
    JsonNode json = CliRun.of("doctor", "--json").json();
    assertTrue(json.get("ok").booleanValue());
    assertEquals(KernelProvider.kernels().name(), json.get("kernels").get("name").stringValue());
    assertEquals(KernelProvider.reason(), json.get("kernels").get("reason").stringValue());
    assertEquals(
        KernelProvider.all().size(), json.get("kernels").get("available").size(), json.toString());
    assertTrue(json.get("cores").intValue() > 0);
    JsonNode calibration = json.get("calibration");
    assertTrue(calibration.get("listedRatio.many-blocks").doubleValue() >= 1, json.toString());
    assertFalse(calibration.get("source").stringValue().isEmpty(), json.toString());
    assertTrue(json.get("sets").size() >= 4);
    String text = CliRun.of("doctor").succeeded().out();
    assertTrue(text.contains(KernelProvider.kernels().name()), text);
    assertTrue(text.contains("identical bits"), text);
  }

  /// Whatever this machine has, and whatever the JVM's options allow.
  @Test
  void theReportSaysWhetherOperationsCanBeCountedAndIfNotWhy() {
    JsonNode counters = CliRun.of("doctor", "--json").json().get("floatingPointCounters");
    String text = CliRun.of("doctor").succeeded().out();
    if (counters.get("available").booleanValue()) {
      assertTrue(text.contains(counters.get("events").get(0).stringValue()), text);
    } else {
      String reason = counters.get("reason").stringValue();
      assertFalse(reason.isEmpty());
      assertEquals(0, counters.get("events").size());
      assertTrue(text.contains("floating-point counters"), text);
      assertTrue(text.contains("not available: " + reason), text);
    }
  }

  @Test
  void allImplementationsOfThisMachineAgree() {
    assertEquals(List.of(), KernelSelfCheck.differences(KernelProvider.all()));
  }

  @Test
  void anImplementationThatIsOffByOneBitIsFound() {
    Kernels truth = KernelProvider.all().getFirst();
    List<String> differences = KernelSelfCheck.differences(List.of(truth, new OffByOneBit(truth)));
    assertEquals(WeightPrecision.values().length, differences.size(), differences.toString());
    assertTrue(
        differences
            .getFirst()
            .startsWith("kernels differ: expected=scalar, actual=off by one bit, way=rows of f32"),
        differences.toString());
  }

  @Test
  void aProblemIsReportedAndIsAFailure() {
    Diagnosis healthy = Diagnosis.ofThisMachine();
    Diagnosis broken =
        new Diagnosis(
            healthy.kernels(),
            healthy.vectorBits(),
            healthy.reason(),
            healthy.calibration(),
            healthy.available(),
            healthy.flopCounters(),
            healthy.dataDirectory(),
            healthy.sets(),
            List.of("kernels differ: index=3"));
    assertTrue(broken.text().contains("broken: kernels differ: index=3"), broken.text());
    assertTrue(broken.json().format().contains("\"ok\" : false"), broken.json().format());
  }

  /// Right but for the last bit of the first output of every single-row product.
  private record OffByOneBit(Kernels kernels) implements Kernels {
    @Override
    public String name() {
      return "off by one bit";
    }

    @Override
    public int vectorBits() {
      return kernels.vectorBits();
    }

    @Override
    public MatVecKernels matVec(int blockSize, WeightPrecision precision) {
      MatVecKernels right = kernels.matVec(blockSize, precision);
      return new MatVecKernels() {
        @Override
        public void gatedMatVec(
            Panels w, MemorySegment bias, MemorySegment x, ActiveSet blocks, MemorySegment y) {
          right.gatedMatVec(w, bias, x, blocks, y);
          nudge(y);
        }

        @Override
        public void gatedMatVec(
            Panels w,
            MemorySegment bias,
            MemorySegment x,
            ActiveSet inputs,
            ActiveSet blocks,
            MemorySegment y) {
          right.gatedMatVec(w, bias, x, inputs, blocks, y);
          nudge(y);
        }
      };
    }

    private static void nudge(MemorySegment y) {
      y.set(AlignedMemory.FLOAT, 0, Math.nextUp(y.get(AlignedMemory.FLOAT, 0)));
    }

    @Override
    public MatMulKernels matMul(int blockSize, WeightPrecision precision) {
      return kernels.matMul(blockSize, precision);
    }

    @Override
    public WeightGradKernels weightGrad(int blockSize) {
      return kernels.weightGrad(blockSize);
    }

    @Override
    public ElementwiseKernels elementwise() {
      return kernels.elementwise();
    }

    @Override
    public SelectionKernels selection() {
      return kernels.selection();
    }

    @Override
    public OptimizerKernels optimizer() {
      return kernels.optimizer();
    }
  }
}
