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
/// model is bound, or limited, and cost nothing afterwards.
///
/// @param logits (gates), kept for [GateDecision#weight]
record ConstantGate(GateDecision decision, MemorySegment logits) {
  /// Whether a gate of these products reads nothing of a row. A dense layer has no products and no
  /// gate.
  static boolean isConstant(List<ProjectionSpec> gate) {
    return !gate.isEmpty() && gate.getFirst().inputs() == 0;
  }

  /// @param arena of the logits
  static ConstantGate decide(
      Kernels kernels, LayerSpec.Gated layer, List<Projection> gate, Arena arena) {
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
    GateDecision decision = new GateDecision(layer.gate(), layer.units(), layer.blockSize());
    decision.decide(x, 0);
    return new ConstantGate(decision, x);
  }

  /// Opens no more than so many gates from now on, see [GateDecision#limit].
  void limit(int mostGates) {
    decision.limit(mostGates);
    decision.decide(logits, 0);
  }
}
