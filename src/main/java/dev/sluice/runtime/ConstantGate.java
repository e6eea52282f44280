package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.ActiveSet;
import dev.sluice.kernel.Kernels;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Projection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Gates that see no input: the same blocks are open for every row, so they are decided when a
/// model is bound and cost nothing afterwards.
final class ConstantGate {
  private ConstantGate() {}

  /// Whether a gate of these products reads nothing of a row. A dense layer has no products and no
  /// gate.
  static boolean isConstant(List<ProjectionSpec> gate) {
    return !gate.isEmpty() && gate.getFirst().inputs() == 0;
  }

  static GateDecision decide(Kernels kernels, LayerSpec.Gated layer, List<Projection> gate) {
    GateDecision decision = new GateDecision(layer.gate(), layer.units(), layer.blockSize());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = AlignedMemory.allocateFloats(arena, 0);
      for (Projection projection : gate) {
        ProjectionSpec spec = projection.spec();
        MemorySegment z = AlignedMemory.allocateFloats(arena, spec.layout().storedUnits());
        ReadInputs inputs = new ReadInputs(ActiveSet.all(spec.inputs()));
        ActiveSet blocks = ActiveSet.all(spec.layout().blocks());
        new PanelStep(kernels, projection, x, inputs, blocks, z).run();
        new ActivationStep(kernels, spec, blocks, z).run();
        x = z;
      }
      decision.decide(x, 0);
    }
    return decision;
  }
}
