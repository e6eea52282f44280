package dev.sluice.train;

import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.ModelSpec;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays out what the layers of a network read: features, outputs of the layer before, or outputs of several layers joined.
final class InputBinding {
  private final Arena arena;
  private final ElementwiseKernels elementwise;
  private final ModelSpec spec;
  private final Batch batch;
  private final Matrix features;
  private final boolean hasBack;
  private final boolean sharedGradient;
  private final Map<FeatureSelection, Matrix> selections = new HashMap<>();

  InputBinding(
      Arena arena,
      ElementwiseKernels elementwise,
      ModelSpec spec,
      Batch batch,
      Matrix features,
      boolean hasBack,
      boolean sharedGradient) {
    this.arena = arena;
    this.elementwise = elementwise;
    this.spec = spec;
    this.batch = batch;
    this.features = features;
    this.hasBack = hasBack;
    this.sharedGradient = sharedGradient;
  }

  /// @param before the layers before it
  LayerInput of(int layer, List<LayerPass> before) {
    List<Integer> sources = spec.sources(layer);
    if (sources.isEmpty()) {
      return selected(spec.stages().get(spec.stageOf(layer)).features());
    }
    if (sources.size() == 1) {
      int source = sources.getFirst();
      return new LayerInput(
          before.get(source).y(), gradOf(before.get(source)), clears(layer, source), null, null);
    }
    return joined(layer, sources, before);
  }

  private @Nullable Matrix gradOf(LayerPass layer) {
    return hasBack ? layer.dy() : null;
  }

  private LayerInput selected(FeatureSelection selection) {
    if (selection.isAll()) {
      return new LayerInput(features, null, false, null, null);
    }
    Matrix known = selections.get(selection);
    if (known != null) {
      return new LayerInput(known, null, false, null, null);
    }
    int[] indices = selection.indices(spec.inputs());
    Matrix x = Buffers.allocate(arena, batch.capacity(), indices.length);
    selections.put(selection, x);
    Work select = new SelectPass(batch, features, indices, x).forward();
    return new LayerInput(x, null, false, select, null);
  }

  private LayerInput joined(int layer, List<Integer> sources, List<LayerPass> before) {
    Matrix x = Buffers.allocate(arena, batch.capacity(), spec.layerInputs(layer));
    Matrix dx = hasBack ? Buffers.allocate(arena, batch.capacity(), spec.layerInputs(layer)) : null;
    List<JoinPass.Part> parts = new ArrayList<>();
    for (int source : sources) {
      LayerPass read = before.get(source);
      Matrix dy = flowsBack(layer, source) ? gradOf(read) : null;
      int units = spec.layers().get(source).units();
      parts.add(new JoinPass.Part(read.y(), units, dy, clears(layer, source)));
    }
    JoinPass join = new JoinPass(batch, elementwise, parts, x, dx);
    return new LayerInput(x, dx, true, join.forward(), hasBack ? join.back() : null);
  }

  private boolean flowsBack(int reader, int source) {
    return sharedGradient || spec.stageOf(reader) == spec.stageOf(source);
  }

  /// The way back meets the last reader first.
  private boolean clears(int reader, int source) {
    for (int later = reader + 1; later < spec.layers().size(); later++) {
      if (spec.sources(later).contains(source) && flowsBack(later, source)) {
        return false;
      }
    }
    return flowsBack(reader, source);
  }
}
