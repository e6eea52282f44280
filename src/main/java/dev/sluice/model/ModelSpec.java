package dev.sluice.model;

import dev.sluice.account.MacFormulas;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import java.util.ArrayList;
import java.util.List;

/// Blueprint of a network: shapes and forms, no numbers that training changes but those of gates' and exits' decisions.
///
/// Layers have indices through all stages, in the order in which they run.
///
/// @param inputs features of a row
/// @param stages at least one; a row that no earlier stage answers is answered by the last
public record ModelSpec(int inputs, List<StageSpec> stages, OutputForm output) {
  public ModelSpec {
    stages = List.copyOf(stages);
    if (inputs < 1 || stages.isEmpty()) {
      throw new IllegalArgumentException(
          "model has no inputs or stages: inputs=" + inputs + ", stages=" + stages.size());
    }
    StageRules.require(inputs, stages);
  }

  /// A network of one stage; layer `i` reads the outputs of layer `i-1`.
  public static ModelSpec of(int inputs, List<LayerSpec> layers, OutputForm output) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "model has no inputs or layers: inputs=" + inputs + ", layers=0");
    }
    return new ModelSpec(inputs, List.of(StageSpec.only(layers)), output);
  }

  /// A dense network of the given widths, inputs first: `784, 512, 512, 10`. The last layer has no activation; blocks are
  /// the smallest that hold a layer's units, at most `blockSize`.
  public static ModelSpec dense(
      List<Integer> widths, int blockSize, Activation hidden, OutputForm output) {
    return build(widths, blockSize, hidden, output, null, 0);
  }

  /// The same with a gate on every hidden layer.
  public static ModelSpec gated(
      List<Integer> widths, int blockSize, Activation hidden, OutputForm output, GateSpec gate) {
    return gated(widths, blockSize, hidden, output, gate, 0);
  }

  /// The same with a light path on every hidden layer, see [LayerSpec.Gated].
  ///
  /// @param lightRank 0 for no such path
  public static ModelSpec gated(
      List<Integer> widths,
      int blockSize,
      Activation hidden,
      OutputForm output,
      GateSpec gate,
      int lightRank) {
    return build(widths, blockSize, hidden, output, gate, lightRank);
  }

  private static ModelSpec build(
      List<Integer> widths,
      int blockSize,
      Activation hidden,
      OutputForm output,
      @org.jspecify.annotations.Nullable GateSpec gate,
      int lightRank) {
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
        layers.add(new LayerSpec.Gated(units, blockSize, hidden, gate, lightRank));
      }
    }
    return of(widths.get(0), layers, output);
  }

  public int outputs() {
    return stages.getLast().layers().getLast().units();
  }

  /// The layers of all stages.
  public List<LayerSpec> layers() {
    return stages.stream().flatMap(stage -> stage.layers().stream()).toList();
  }

  public boolean isStaged() {
    return stages.size() > 1;
  }

  /// Index of the first layer of stage `stage`; for `stages().size()` the number of layers.
  public int firstLayer(int stage) {
    int first = 0;
    for (int earlier = 0; earlier < stage; earlier++) {
      first += stages.get(earlier).layers().size();
    }
    return first;
  }

  /// Index of the layer whose outputs are the answer of stage `stage`.
  public int head(int stage) {
    return firstLayer(stage + 1) - 1;
  }

  /// The stage that layer `index` belongs to.
  public int stageOf(int index) {
    int stage = 0;
    while (head(stage) < index) {
      stage++;
    }
    return stage;
  }

  /// The layers whose outputs, joined in this order, layer `index` reads; none if it reads the features of its stage.
  public List<Integer> sources(int index) {
    int stage = stageOf(index);
    int depth = index - firstLayer(stage);
    if (depth == 0) {
      return List.of();
    }
    List<Integer> sources = new ArrayList<>();
    for (int earlier = stages.get(stage).sharesEarlier() ? 0 : stage; earlier < stage; earlier++) {
      if (firstLayer(earlier) + depth - 1 < head(earlier)) {
        sources.add(firstLayer(earlier) + depth - 1);
      }
    }
    sources.add(index - 1);
    return sources;
  }

  /// Inputs of layer `index`: the selected features, or the units of the layers it reads.
  public int layerInputs(int index) {
    List<Integer> sources = sources(index);
    if (sources.isEmpty()) {
      return stages.get(stageOf(index)).features().count(inputs);
    }
    List<LayerSpec> layers = layers();
    return sources.stream().mapToInt(source -> layers.get(source).units()).sum();
  }

  public ProjectionSpec projection(int index) {
    return layers().get(index).projection(layerInputs(index));
  }

  public List<ProjectionSpec> gateProjections(int index) {
    return chain(index, Chain.GATE);
  }

  /// The products that layer `index` has beside its own, none where it lacks the chain.
  public List<ProjectionSpec> chain(int index, Chain chain) {
    int layerInputs = layerInputs(index);
    LayerSpec layer = layers().get(index);
    return switch (chain) {
      case GATE -> layer.gateProjections(layerInputs);
      case LIGHT -> layer.lightProjections(layerInputs);
      case HALT -> haltProjections(index, layerInputs);
    };
  }

  private List<ProjectionSpec> haltProjections(int index, int layerInputs) {
    int stage = stageOf(index);
    return index == head(stage) && stages.get(stage).halts()
        ? List.of(ProjectionSpec.inGate(layerInputs, 1, true, Activation.IDENTITY))
        : List.of();
  }

  public boolean isGated() {
    return layers().stream().anyMatch(layer -> layer instanceof LayerSpec.Gated);
  }

  /// MACs of a row through the plain network that the last stage is part of, with all features, all blocks and no gates: what *relative* MACs are
  /// relative to.
  public long denseMacs() {
    int last = stages.size() - 1;
    long sum = 0;
    for (int index = firstLayer(last); index <= head(last); index++) {
      List<Integer> sources = sources(index);
      long read = sources.isEmpty() ? inputs : layerInputs(index);
      sum += MacFormulas.product(index == head(last) ? outputs() : width(index), read);
    }
    return sum;
  }

  /// Units at the depth of layer `index` of the last stage: its own, and those it shares.
  private int width(int index) {
    return sources(index + 1).stream().mapToInt(source -> layers().get(source).units()).sum();
  }

  /// This blueprint with other layers of the same shapes, as training changes the gates' decisions.
  public ModelSpec withLayers(List<LayerSpec> newLayers) {
    List<StageSpec> changed = new ArrayList<>();
    for (int stage = 0; stage < stages.size(); stage++) {
      List<LayerSpec> own = newLayers.subList(firstLayer(stage), firstLayer(stage + 1));
      changed.add(stages.get(stage).withLayers(own));
    }
    return new ModelSpec(inputs, changed, output);
  }

  /// This blueprint with other exits.
  ///
  /// @param exits one per stage, null for none
  public ModelSpec withExits(List<@org.jspecify.annotations.Nullable ExitSpec> exits) {
    List<StageSpec> changed = new ArrayList<>();
    for (int stage = 0; stage < stages.size(); stage++) {
      changed.add(stages.get(stage).withExit(exits.get(stage)));
    }
    return new ModelSpec(inputs, changed, output);
  }

  /// The same network without its gates.
  public ModelSpec withoutGates() {
    return withLayers(
        layers().stream()
            .<LayerSpec>map(
                layer -> new LayerSpec.Dense(layer.units(), layer.blockSize(), layer.activation()))
            .toList());
  }

  /// Widths joined by hyphens, inputs first, stages by plus signs: `784-512-512-10`, `400-64-10+784-512-512-10`.
  public String architecture() {
    StringBuilder text = new StringBuilder();
    for (StageSpec stage : stages) {
      text.append(text.isEmpty() ? "" : "+").append(stage.features().count(inputs));
      stage.layers().forEach(layer -> text.append('-').append(layer.units()));
    }
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
