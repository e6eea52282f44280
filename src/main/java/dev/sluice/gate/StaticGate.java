package dev.sluice.gate;

import dev.sluice.kernel.Activation;
import java.util.List;
import java.util.Map;

/// `z ∈ R^m`, free parameters that see no input: learned pruning. DynamicGate-MLP's default preset.
public record StaticGate() implements GateForm {
  @Override
  public String name() {
    return "static";
  }

  @Override
  public Map<String, Integer> parameters() {
    return Map.of();
  }

  @Override
  public List<ProjectionSpec> projections(int inputs, int gates) {
    return List.of(ProjectionSpec.inGate(0, gates, true, Activation.IDENTITY));
  }

  @Override
  public float initialStandardDeviation(int index, int inputs) {
    return 0f;
  }
}
