package dev.sluice.model;

import dev.sluice.account.MacFormulas;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import java.util.ArrayList;
import java.util.List;

/// Blueprint of a network: shapes and forms, no numbers that training changes but the gates' temperature and threshold.
///
/// @param inputs features of a row
/// @param layers at least one; layer `i` reads the outputs of layer `i-1`
public record ModelSpec(int inputs, List<LayerSpec> layers, OutputForm output) {
  public ModelSpec {
    layers = List.copyOf(layers);
    if (inputs < 1 || layers.isEmpty()) {
      throw new IllegalArgumentException(
          "model has no inputs or layers: inputs=" + inputs + ", layers=" + layers.size());
    }
  }

  /// A dense network of the given widths, inputs first: `784, 512, 512, 10`. The last layer has no activation; blocks are
  /// the smallest that hold a layer's units, at most `blockSize`.
  public static ModelSpec dense(
      List<Integer> widths, int blockSize, Activation hidden, OutputForm output) {
    return build(widths, blockSize, hidden, output, null);
  }

  /// The same with a gate on every hidden layer.
  public static ModelSpec gated(
      List<Integer> widths, int blockSize, Activation hidden, OutputForm output, GateSpec gate) {
    return build(widths, blockSize, hidden, output, gate);
  }

  private static ModelSpec build(
      List<Integer> widths,
      int blockSize,
      Activation hidden,
      OutputForm output,
      @org.jspecify.annotations.Nullable GateSpec gate) {
    if (widths.size() < 2) {
      throw new IllegalArgumentException(
          "a network needs inputs and at least one layer: widths=" + widths);
    }
    List<LayerSpec> layers = new ArrayList<>();
    for (int index = 1; index < widths.size(); index++) {
      int units = widths.get(index);
      int fitting = PanelLayout.fittingBlockSize(units, blockSize);
      if (index == widths.size() - 1) {
        layers.add(new LayerSpec.Dense(units, fitting, Activation.IDENTITY));
      } else if (gate == null) {
        layers.add(new LayerSpec.Dense(units, fitting, hidden));
      } else {
        layers.add(new LayerSpec.Gated(units, blockSize, hidden, gate));
      }
    }
    return new ModelSpec(widths.get(0), layers, output);
  }

  public int outputs() {
    return layers.getLast().units();
  }

  /// Inputs of layer `index`: the units of the layer before it.
  public int layerInputs(int index) {
    return index == 0 ? inputs : layers.get(index - 1).units();
  }

  public ProjectionSpec projection(int index) {
    return layers.get(index).projection(layerInputs(index));
  }

  public List<ProjectionSpec> gateProjections(int index) {
    return layers.get(index).gateProjections(layerInputs(index));
  }

  public boolean isGated() {
    return layers.stream().anyMatch(layer -> layer instanceof LayerSpec.Gated);
  }

  /// MACs of a row through the same network with all blocks open and no gates: what *relative* MACs are relative to.
  public long denseMacs() {
    long sum = 0;
    for (int index = 0; index < layers.size(); index++) {
      sum += MacFormulas.product(layers.get(index).units(), layerInputs(index));
    }
    return sum;
  }

  /// This blueprint with another list of layers of the same shapes, as training changes temperature and threshold.
  public ModelSpec withLayers(List<LayerSpec> newLayers) {
    return new ModelSpec(inputs, newLayers, output);
  }

  /// The same network without its gates.
  public ModelSpec withoutGates() {
    return withLayers(
        layers.stream()
            .<LayerSpec>map(
                layer -> new LayerSpec.Dense(layer.units(), layer.blockSize(), layer.activation()))
            .toList());
  }

  /// Widths joined by hyphens, inputs first: `784-512-512-10`.
  public String architecture() {
    StringBuilder text = new StringBuilder().append(inputs);
    layers.forEach(layer -> text.append('-').append(layer.units()));
    return text.toString();
  }

  /// The widths that [#architecture] prints.
  public static List<Integer> parseArchitecture(String text) {
    List<Integer> widths = new ArrayList<>();
    for (String part : text.split("-", -1)) {
      try {
        int width = Integer.parseInt(part);
        if (width < 1) {
          throw new NumberFormatException("not positive");
        }
        widths.add(width);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "layer widths are not positive numbers joined by hyphens: layers=" + text, e);
      }
    }
    return widths;
  }
}
