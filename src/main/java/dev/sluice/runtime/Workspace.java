package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.Chain;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.StageSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The vectors of one row on its way through a network: a single allocation cut into slices that
/// begin on cache lines and hold whole blocks.
///
/// ```
/// ├ input (inputs)
/// ├ a vector per different selection of features (selected)
/// ├ layer 0: joined sources, if several (units) │ products of its gate, light path and halting unit (storedUnits) │
/// │          own product beside a light path (storedUnits) │ output (storedUnits)
/// ├ layer 1: …
/// ├ answer in the blueprint's output form, or blended of several stages (outputs)
/// ```
final class Workspace {
  private static final class Layer {
    private final Map<Chain, List<MemorySegment>> chains = new EnumMap<>(Chain.class);
    private MemorySegment joined = MemorySegment.NULL;
    private MemorySegment full = MemorySegment.NULL;
    private MemorySegment output = MemorySegment.NULL;
  }

  private final Map<FeatureSelection, MemorySegment> features = new HashMap<>();
  private final List<Layer> layers = new ArrayList<>();
  private final MemorySegment input;
  private final MemorySegment answer;

  Workspace(Arena arena, ModelSpec spec) {
    this(spec, SegmentAllocator.slicingAllocator(AlignedMemory.allocate(arena, totalBytes(spec))));
  }

  private Workspace(ModelSpec spec, SegmentAllocator slices) {
    this.input = slice(slices, spec.inputs());
    features.put(FeatureSelection.all(), input);
    for (StageSpec stage : spec.stages()) {
      features.computeIfAbsent(
          stage.features(), selection -> slice(slices, selection.count(spec.inputs())));
    }
    for (int index = 0; index < spec.layers().size(); index++) {
      layers.add(layer(spec, index, slices));
    }
    this.answer = slice(slices, spec.outputs());
  }

  private static Layer layer(ModelSpec spec, int index, SegmentAllocator slices) {
    Layer layer = new Layer();
    if (spec.sources(index).size() > 1) {
      layer.joined = slice(slices, spec.layerInputs(index));
    }
    for (Chain chain : Chain.values()) {
      layer.chains.put(
          chain, spec.chain(index, chain).stream().map(product -> slice(slices, product)).toList());
    }
    if (hasLightPath(spec, index)) {
      layer.full = slice(slices, spec.projection(index));
    }
    layer.output = slice(slices, spec.projection(index));
    return layer;
  }

  static boolean hasLightPath(ModelSpec spec, int layer) {
    return spec.layers().get(layer) instanceof LayerSpec.Gated gated && gated.lightRank() > 0;
  }

  /// As many as a trial run hands out.
  static long totalBytes(ModelSpec spec) {
    long[] bytes = {0};
    new Workspace(
        spec,
        (byteSize, byteAlignment) -> {
          bytes[0] += byteSize;
          return MemorySegment.NULL;
        });
    return bytes[0];
  }

  private static MemorySegment slice(SegmentAllocator slices, ProjectionSpec product) {
    return slice(slices, product.layout().storedUnits());
  }

  private static MemorySegment slice(SegmentAllocator slices, int floats) {
    long bytes = AlignedMemory.alignUp((long) floats * Float.BYTES);
    return slices.allocate(bytes, AlignedMemory.ALIGNMENT_BYTES);
  }

  MemorySegment input() {
    return input;
  }

  /// What a selection leaves of the input; the input itself if that is all of it.
  MemorySegment features(FeatureSelection selection) {
    return Objects.requireNonNull(features.get(selection));
  }

  /// What layer `layer` reads if it has several sources.
  MemorySegment joined(int layer) {
    return layers.get(layer).joined;
  }

  MemorySegment product(int layer, Chain chain, int index) {
    return Objects.requireNonNull(layers.get(layer).chains.get(chain)).get(index);
  }

  /// What the product of a layer with a light path leaves.
  MemorySegment full(int layer) {
    return layers.get(layer).full;
  }

  MemorySegment output(int layer) {
    return layers.get(layer).output;
  }

  MemorySegment answer() {
    return answer;
  }
}
