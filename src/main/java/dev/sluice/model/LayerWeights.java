package dev.sluice.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Parameters of one layer.
///
/// @param chains the products that it has beside its own, in order of execution; chains it lacks may be absent
public record LayerWeights(Projection projection, Map<Chain, List<Projection>> chains) {
  public LayerWeights {
    Map<Chain, List<Projection>> copies = new EnumMap<>(Chain.class);
    chains.forEach((chain, products) -> copies.put(chain, List.copyOf(products)));
    chains = copies;
  }

  /// With a gate alone, empty for a dense layer.
  public LayerWeights(Projection projection, List<Projection> gate) {
    this(projection, Map.of(Chain.GATE, gate));
  }

  public List<Projection> chain(Chain chain) {
    return chains.getOrDefault(chain, List.of());
  }

  public List<Projection> gate() {
    return chain(Chain.GATE);
  }
}
