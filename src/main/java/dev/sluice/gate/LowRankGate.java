package dev.sluice.gate;

import dev.sluice.kernel.Activation;
import java.util.List;
import java.util.Map;

/// `z = Q (P x) + c`, `P (rank, in)` without bias, `Q (m, rank)`: DynamicGate-MLP's gate on PBMC3k.
///
/// @param rank 32 as published
public record LowRankGate(int rank) implements GateForm {
  public LowRankGate {
    GateForms.requirePositive("rank", rank);
  }

  @Override
  public String name() {
    return "low-rank";
  }

  @Override
  public Map<String, Integer> parameters() {
    return Map.of("rank", rank);
  }

  @Override
  public List<ProjectionSpec> projections(int inputs, int gates) {
    return List.of(
        ProjectionSpec.inGate(inputs, rank, false, Activation.IDENTITY),
        ProjectionSpec.inGate(rank, gates, true, Activation.IDENTITY));
  }

  /// Published as 0.02 for both; scaled to the width instead, as 0.02 leaves the gates nearly static for many epochs.
  @Override
  public float initialStandardDeviation(int index, int inputs) {
    return (float) (1 / Math.sqrt(inputs));
  }
}
