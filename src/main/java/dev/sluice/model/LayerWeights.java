package dev.sluice.model;

import java.util.List;

/// Parameters of one layer.
///
/// @param gate the gate's products in order of execution, empty for a dense layer
public record LayerWeights(Projection projection, List<Projection> gate) {
  public LayerWeights {
    gate = List.copyOf(gate);
  }
}
