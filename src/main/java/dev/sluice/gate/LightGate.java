package dev.sluice.gate;

import dev.sluice.kernel.Activation;
import java.util.List;
import java.util.Map;

/// `z = Q (U x) + c`, `Q (m, rank)`, `U x` taken from the layer's light path: a low-rank gate whose first product is there anyway.
public record LightGate() implements GateForm {
  @Override
  public String name() {
    return "light";
  }

  @Override
  public Map<String, Integer> parameters() {
    return Map.of();
  }

  @Override
  public boolean readsLight() {
    return true;
  }

  @Override
  public List<ProjectionSpec> projections(int inputs, int gates) {
    return List.of(ProjectionSpec.inGate(inputs, gates, true, Activation.IDENTITY));
  }

  @Override
  public float initialStandardDeviation(int index, int inputs) {
    return (float) (1 / Math.sqrt(inputs));
  }
}
