package dev.sluice.format;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Blueprint and tensors of a file made one: every tensor that the blueprint asks for is there in the right shape, and no
/// other.
final class ModelBinding implements Weights.Source {
  private final TensorBundle bundle;
  private final Arena arena;
  private final Set<String> unused = new TreeSet<>();

  private ModelBinding(TensorBundle bundle, Arena arena) {
    this.bundle = bundle;
    this.arena = arena;
    bundle.tensors().forEach(tensor -> unused.add(tensor.name()));
  }

  static Weights bind(TensorBundle bundle, ModelSpec spec, Arena arena) {
    ModelBinding binding = new ModelBinding(bundle, arena);
    try {
      Weights weights = Weights.bind(spec, binding);
      if (!binding.unused.isEmpty()) {
        throw bundle
            .origin()
            .problem(
                "has tensors that its blueprint lacks",
                "tensors=" + Printable.of(binding.unused.toString()));
      }
      PaddingCheck.requireZero(weights);
      return weights;
    } catch (IllegalArgumentException e) {
      // shapes that no model may have, found by the layouts themselves; padding that is not zero
      throw bundle.origin().problem("is not a valid model", e);
    }
  }

  /// Nothing is allocated before the file's own tensors prove the shape: a hostile blueprint may ask for gigabytes.
  @Override
  public Projection projection(String name, ProjectionSpec spec) {
    PanelLayout layout = spec.layout();
    MemorySegment weights = layout.inputs() > 0 ? take(name + ".weight", shape(layout)) : zeros(0);
    MemorySegment bias =
        spec.hasBias()
            ? take(name + ".bias", List.of((long) layout.storedUnits()))
            : zeros(layout.storedUnits());
    return new Projection(spec, Panels.of(layout, weights), bias);
  }

  private static List<Long> shape(PanelLayout layout) {
    return List.of((long) layout.blocks(), (long) layout.storedInputs(), (long) layout.blockSize());
  }

  private MemorySegment take(String name, List<Long> shape) {
    unused.remove(name);
    return bundle.tensor(name, shape).data();
  }

  private MemorySegment zeros(int floats) {
    long bytes = (long) floats * Float.BYTES;
    return AlignedMemory.allocate(arena, bytes).asSlice(0, bytes);
  }
}
