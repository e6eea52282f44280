package dev.sluice.gate;

import dev.sluice.kernel.Activation;
import java.util.List;
import java.util.Map;

/// `z = G x + c`, `G (m, in)`: per block 1/B of the layer's own MACs.
public record LinearGate() implements GateForm {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Map<String, Integer> parameters() {
    return Map.of();
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
