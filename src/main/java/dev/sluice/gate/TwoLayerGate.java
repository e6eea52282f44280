package dev.sluice.gate;

import dev.sluice.kernel.Activation;
import java.util.List;
import java.util.Map;

/// `z = G₂ relu(G₁ x + c₁) + c₂`: DynamicGate-MLP's sample-wise preset.
///
/// @param hidden units of the gate's own hidden layer; 128 as published
public record TwoLayerGate(int hidden) implements GateForm {
  public TwoLayerGate {
    GateForms.requirePositive("hidden", hidden);
  }

  @Override
  public String name() {
    return "two-layer";
  }

  @Override
  public Map<String, Integer> parameters() {
    return Map.of("hidden", hidden);
  }

  @Override
  public List<ProjectionSpec> projections(int inputs, int gates) {
    return List.of(
        ProjectionSpec.inGate(inputs, hidden, true, Activation.RELU),
        ProjectionSpec.inGate(hidden, gates, true, Activation.IDENTITY));
  }

  @Override
  public float initialStandardDeviation(int index, int inputs) {
    return (float) ((index == 0 ? Math.sqrt(2) : 1) / Math.sqrt(inputs));
  }
}
