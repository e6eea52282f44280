package dev.sluice.runtime;

import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import java.util.HashMap;
import java.util.Map;

/// The gates of a plan, by layer, for whoever limits them.
final class PlanGates {
  private final Map<Integer, GateDecision> deciding = new HashMap<>();
  private final Map<Integer, ConstantGate> constant = new HashMap<>();
  private final int[] mostOpen;

  PlanGates(ModelSpec spec) {
    this.mostOpen = new int[spec.layers().size()];
  }

  void add(int layer, LayerSpec.Gated gated, GateDecision decision) {
    deciding.put(layer, decision);
    mostOpen[layer] = gated.gate().rule().maximumOpen(gated.gates());
  }

  void add(int layer, ConstantGate gate) {
    constant.put(layer, gate);
    mostOpen[layer] = gate.decision().openGates().count();
  }

  /// Of each layer, the most gates that open for any row while nothing limits them; 0 of dense layers.
  int[] mostOpen() {
    return mostOpen.clone();
  }

  /// Whether any gate looks at the row.
  boolean decide() {
    return !deciding.isEmpty();
  }

  void set(Limits limits) {
    deciding.forEach(
        (layer, decision) -> {
          decision.shift(limits.gateShift());
          decision.limit(limits.mostGates()[layer]);
        });
    constant.forEach((layer, gate) -> gate.limit(limits.mostGates()[layer]));
  }
}
