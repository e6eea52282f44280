package dev.sluice.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Real predictors by the real clock, for no more than can be said of any times.
class TimedRunsTest {
  @Test
  void everyWayIsTimedInEveryRoundInBothDirections() {
    LayerSpec hidden = new LayerSpec.Dense(16, 8, Activation.RELU);
    LayerSpec head = new LayerSpec.Dense(3, 8, Activation.IDENTITY);
    ModelSpec spec = ModelSpec.of(5, List.of(hidden, head), OutputForm.SOFTMAX);
    Arena arena = Arena.ofShared();
    AuditSettings settings = AuditSettings.of(KernelProvider.kernels());
    try (Model model = new Model(spec, Weights.allocate(arena, spec), Map.of(), arena);
        TimedRuns runs = new TimedRuns(model, settings, new float[7][5])) {
      for (int round = 0; round < 6; round++) {
        runs.runUp();
      }
      for (int round = 0; round < 8; round++) {
        runs.runRound(round % 2 == 0);
      }
      TimeParts parts = runs.parts();
      assertEquals(8, runs.roundNanos().length);
      assertTrue(runs.nanos() > 0);
      assertTrue(parts.nanos(TimePart.CALLS) > 0);
      assertEquals(2, parts.layers().size());
      double ofLayers = parts.layerNanos(0) + parts.layerNanos(1);
      assertEquals(parts.sum(), parts.nanos(TimePart.CALLS) + ofLayers, 1e-6 * parts.sum());
    }
  }
}
