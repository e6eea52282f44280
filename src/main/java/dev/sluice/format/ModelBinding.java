package dev.sluice.format;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.PanelLayout;
import dev.sluice.memory.Panels;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.Projection;
import dev.sluice.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Blueprint and tensors of a file made one: every tensor that the blueprint asks for is there in the right shape, all weights in one
/// precision, and no other tensor.
final class ModelBinding implements Weights.Source {
  /// Every model has it: the precision of all weights is its type.
  private static final String FIRST_WEIGHT = "layers.0.weight";

  private final TensorBundle bundle;
  private final Arena arena;
  private final WeightPrecision precision;
  private final Set<String> unused = new TreeSet<>();

  private ModelBinding(TensorBundle bundle, Arena arena) {
    this.bundle = bundle;
    this.arena = arena;
    this.precision = precision(bundle);
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
      ScaleCheck.requireValid(weights);
      return weights;
    } catch (IllegalArgumentException e) {
      // shapes that no model may have, found by the layouts themselves; padding that is not zero;
      // scales that are no scales
      throw bundle.origin().problem("is not a valid model", e);
    }
  }

  private static WeightPrecision precision(TensorBundle bundle) {
    DType dtype = bundle.tensor(FIRST_WEIGHT).dtype();
    for (WeightPrecision precision : WeightPrecision.values()) {
      if (DType.of(precision) == dtype) {
        return precision;
      }
    }
    List<DType> known = Arrays.stream(WeightPrecision.values()).map(DType::of).toList();
    throw bundle
        .origin()
        .problem(
            "has weights of a type that is not computed with",
            "tensor=" + FIRST_WEIGHT + ", dtype=" + dtype + ", known=" + known);
  }

  /// Nothing is allocated before the file's own tensors prove the shape: a hostile blueprint may ask for gigabytes.
  @Override
  public Projection projection(String name, ProjectionSpec spec) {
    PanelLayout layout = spec.layout().withPrecision(precision);
    if (layout.inputs() == 0) {
      MemorySegment constant = take(name + ".bias", DType.F32, entries(layout));
      return new Projection(spec, Panels.allocate(arena, layout).asReadOnly(), constant);
    }
    Panels weights = panels(name + ".weight", layout);
    MemorySegment bias =
        spec.hasBias() ? take(name + ".bias", DType.F32, entries(layout)) : zeros(layout);
    return new Projection(spec, weights, bias);
  }

  private Panels panels(String name, PanelLayout layout) {
    MemorySegment weights = take(name, DType.of(precision), shape(layout));
    return precision.isScaled()
        ? Panels.of(layout, weights, take(name + ".scale", DType.F32, entries(layout)))
        : Panels.of(layout, weights);
  }

  private static List<Long> shape(PanelLayout layout) {
    return List.of((long) layout.blocks(), (long) layout.storedInputs(), (long) layout.blockSize());
  }

  private static List<Long> entries(PanelLayout layout) {
    return List.of((long) layout.storedUnits());
  }

  private MemorySegment take(String name, DType dtype, List<Long> shape) {
    unused.remove(name);
    return bundle.tensor(name, dtype, shape).data();
  }

  private MemorySegment zeros(PanelLayout layout) {
    long bytes = (long) layout.storedUnits() * Float.BYTES;
    return AlignedMemory.allocate(arena, bytes).asSlice(0, bytes);
  }
}
