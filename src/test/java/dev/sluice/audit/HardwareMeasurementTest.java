package dev.sluice.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import dev.sluice.runtime.Budget;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import dev.sluice.runtime.ZeroSkipping;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The processor's counters, which know nothing of kernels or accounts, beside what is metered.
class HardwareMeasurementTest {
  private static final int INPUTS = 256;
  private static final ModelSpec SPEC =
      ModelSpec.of(
          INPUTS,
          List.of(
              new LayerSpec.Dense(128, 16, Activation.RELU),
              new LayerSpec.Dense(10, 8, Activation.IDENTITY)),
          OutputForm.SOFTMAX);

  private static AuditSettings settings(Kernels kernels) {
    return new AuditSettings(kernels, ZeroSkipping.OFF, Budget.none(), 0, false, true);
  }

  private static float[][] rows() {
    float[][] rows = new float[20][INPUTS];
    for (int row = 0; row < rows.length; row++) {
      Arrays.fill(rows[row], 0.01f * row);
    }
    return rows;
  }

  @Test
  void meteredOperationsAreThoseOfProductsAndOfElements() {
    Arena arena = Arena.ofShared();
    try (Model model = new Model(SPEC, Weights.allocate(arena, SPEC), Map.of(), arena)) {
      FlopMeter meter = FlopMeter.of(KernelProvider.kernels());
      long products = 0;
      try (Predictor predictor =
          Predictor.of(model, FeatureCheck.NONE, meter.kernels(), ZeroSkipping.OFF)) {
        for (float[] row : rows()) {
          predictor.predict(row, new float[10]);
          products += predictor.macs().executedMacs();
        }
      }
      long elements = meter.ofElements().values().stream().mapToLong(Long::longValue).sum();
      assertTrue(elements > 20 * 128, "elements=" + elements);
      assertEquals(meter.ofAllProducts().flops() + elements, meter.flops());
      assertTrue(meter.flops() > 2 * products + elements, "flops=" + meter.flops());
      meter.reset();
      assertEquals(0, meter.flops());
    }
  }

  @Test
  void processorAndMeterCountTheSameWithinTwoPercent() {
    Arena arena = Arena.ofShared();
    try (Model model = new Model(SPEC, Weights.allocate(arena, SPEC), Map.of(), arena)) {
      HardwareCount count = Audit.of(model, rows(), settings(KernelProvider.kernels())).hardware();
      if (!count.isMeasured()) {
        System.out.println("SKIPPED: metered operations by hardware counters: " + count.reason());
      }
      assumeTrue(count.isMeasured(), count.reason());
      assertTrue(count.meteredFlops() >= 1e8, count.toString());
      assertEquals(1, count.ratio(), 0.02, count.toString());
    }
  }
}
