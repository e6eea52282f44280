package dev.sluice.model;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.PanelLayout;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// All parameters of a network: mapped read-only for inference, private and writable for training.
///
/// @param layers one entry per layer of the blueprint
public record Weights(List<LayerWeights> layers) {
  public Weights {
    layers = List.copyOf(layers);
  }

  /// Zeros in memory of `arena`.
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
      List<Projection> gate = new ArrayList<>();
      List<ProjectionSpec> gateSpecs = spec.gateProjections(layer);
      for (int index = 0; index < gateSpecs.size(); index++) {
        String name = "layers." + layer + ".gate." + index;
        gate.add(source.projection(name, gateSpecs.get(index)));
      }
      layers.add(new LayerWeights(projection, gate));
    }
    return new Weights(layers);
  }

  /// Every stored tensor, in the order of files: by layer, gate after layer, weight before bias. A product without inputs has no
  /// weight, one without bias no bias.
  public List<NamedTensor> tensors() {
    List<NamedTensor> tensors = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      LayerWeights weights = layers.get(layer);
      addTensors("layers." + layer, weights.projection(), tensors);
      for (int index = 0; index < weights.gate().size(); index++) {
        addTensors("layers." + layer + ".gate." + index, weights.gate().get(index), tensors);
      }
    }
    return tensors;
  }

  private static void addTensors(String name, Projection projection, List<NamedTensor> tensors) {
    PanelLayout layout = projection.weights().layout();
    if (layout.inputs() > 0) {
      List<Long> shape =
          List.of((long) layout.blocks(), (long) layout.storedInputs(), (long) layout.blockSize());
      tensors.add(new NamedTensor(name + ".weight", shape, projection.weights().segment()));
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

  /// Copies every tensor's numbers from `other`, a network of the same blueprint.
  public void copyFrom(Weights other) {
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
