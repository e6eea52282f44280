package dev.sluice.model;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.WeightPrecision;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All parameters of a network: mapped read-only for inference, private and writable for training.
///
/// @param layers one entry per layer of the blueprint; all products, the gates' too, have weights of one precision
public record Weights(List<LayerWeights> layers) {
  public Weights {
    layers = List.copyOf(layers);
    List<WeightPrecision> precisions =
        layers.stream().flatMap(Weights::products).map(Projection::precision).distinct().toList();
    if (precisions.size() > 1) {
      throw new IllegalArgumentException("weights differ in precision: found=" + precisions);
    }
  }

  private static Stream<Projection> products(LayerWeights layer) {
    return Stream.concat(
        Stream.of(layer.projection()), layer.chains().values().stream().flatMap(List::stream));
  }

  /// Of all weights; biases are f32.
  public WeightPrecision precision() {
    return layers.isEmpty() ? WeightPrecision.F32 : layers.getFirst().projection().precision();
  }

  /// Bytes of all weights with their scales, padding included and biases not.
  public long weightBytes() {
    return layers.stream()
        .flatMap(Weights::products)
        .map(Projection::weights)
        .filter(panels -> panels.layout().inputs() > 0)
        .mapToLong(panels -> panels.segment().byteSize() + panels.scales().byteSize())
        .sum();
  }

  /// A read-only copy in memory of `arena` whose weights, the gates' too, are rounded to `precision`; biases stay as they are.
  ///
  /// @throws IllegalArgumentException if a weight has no counterpart there, see [dev.sluice.memory.Panels#convert]; the message names it
  public Weights convert(Arena arena, WeightPrecision precision) {
    List<LayerWeights> converted = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      String name = "layers." + layer;
      LayerWeights weights = layers.get(layer);
      Map<Chain, List<Projection>> chains = new EnumMap<>(Chain.class);
      for (Chain chain : Chain.values()) {
        List<Projection> products = new ArrayList<>();
        for (Projection product : weights.chain(chain)) {
          products.add(convert(name(layer, chain, products.size()), product, arena, precision));
        }
        chains.put(chain, products);
      }
      Projection own = convert(name, weights.projection(), arena, precision);
      converted.add(new LayerWeights(own, chains));
    }
    return new Weights(converted);
  }

  private static Projection convert(
      String name, Projection projection, Arena arena, WeightPrecision precision) {
    try {
      return projection.convert(arena, precision);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "weights cannot be stored as "
              + precision.specName()
              + ": tensor="
              + name
              + ".weight, reason="
              + e.getMessage(),
          e);
    }
  }

  /// Zeros of f32 in memory of `arena`.
  public static Weights allocate(Arena arena, ModelSpec spec) {
    return bind(spec, (name, projection) -> Projection.allocate(arena, projection));
  }

  /// Where the parameters of a product come from.
  public interface Source {
    /// @param name `layers.0` or `layers.0.gate.1`: what the names of its tensors begin with
    Projection projection(String name, ProjectionSpec spec);
  }

  public static Weights bind(ModelSpec spec, Source source) {
    List<LayerWeights> layers = new ArrayList<>();
    for (int layer = 0; layer < spec.layers().size(); layer++) {
      Projection projection = source.projection("layers." + layer, spec.projection(layer));
      Map<Chain, List<Projection>> chains = new EnumMap<>(Chain.class);
      for (Chain chain : Chain.values()) {
        List<Projection> products = new ArrayList<>();
        for (ProjectionSpec product : spec.chain(layer, chain)) {
          products.add(source.projection(name(layer, chain, products.size()), product));
        }
        chains.put(chain, products);
      }
      layers.add(new LayerWeights(projection, chains));
    }
    return new Weights(layers);
  }

  private static String name(int layer, Chain chain, int index) {
    return "layers." + layer + "." + chain.tensorName() + "." + index;
  }

  /// Every stored tensor, in the order of files: by layer, its chains after it, weight before scale before bias. A product without
  /// inputs has no weight, one without bias no bias, only int8 has scales.
  public List<NamedTensor> tensors() {
    List<NamedTensor> tensors = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      LayerWeights weights = layers.get(layer);
      addTensors("layers." + layer, weights.projection(), tensors);
      for (Chain chain : Chain.values()) {
        List<Projection> products = weights.chain(chain);
        for (int index = 0; index < products.size(); index++) {
          addTensors(name(layer, chain, index), products.get(index), tensors);
        }
      }
    }
    return tensors;
  }

  private static void addTensors(String name, Projection projection, List<NamedTensor> tensors) {
    PanelLayout layout = projection.weights().layout();
    if (layout.inputs() > 0) {
      List<Long> shape =
          List.of((long) layout.blocks(), (long) layout.storedInputs(), (long) layout.blockSize());
      tensors.add(
          new NamedTensor(
              name + ".weight", shape, layout.precision(), projection.weights().segment()));
      if (layout.precision().isScaled()) {
        tensors.add(
            new NamedTensor(
                name + ".weight.scale",
                List.of((long) layout.storedUnits()),
                projection.weights().scales()));
      }
    }
    if (projection.spec().hasBias()) {
      long storedUnits = layout.storedUnits();
      tensors.add(
          new NamedTensor(
              name + ".bias",
              List.of(storedUnits),
              projection.bias().asSlice(0, storedUnits * Float.BYTES)));
    }
  }

  /// Copies every tensor's numbers from `other`, a network of the same blueprint and precision.
  public void copyFrom(Weights other) {
    if (precision() != other.precision()) {
      throw new IllegalArgumentException(
          "weights differ in precision: expected="
              + precision().specName()
              + ", actual="
              + other.precision().specName());
    }
    List<NamedTensor> targets = tensors();
    List<NamedTensor> sources = other.tensors();
    if (targets.size() != sources.size()) {
      throw new IllegalArgumentException(
          "tensor counts differ: expected=" + targets.size() + ", actual=" + sources.size());
    }
    for (int index = 0; index < targets.size(); index++) {
      targets.get(index).segment().copyFrom(sources.get(index).segment());
    }
  }
}
