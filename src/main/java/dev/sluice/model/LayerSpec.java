package dev.sluice.model;

import dev.sluice.gate.GateSpec;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import java.util.List;

/// Blueprint of one layer: `y = φ(W x + b)`, with a gate `y = φ(W x + b) ⊙ expand(g(x))`.
public sealed interface LayerSpec {
  int units();

  int blockSize();

  Activation activation();

  default int blocks() {
    return (units() + blockSize() - 1) / blockSize();
  }

  default ProjectionSpec projection(int inputs) {
    return new ProjectionSpec(inputs, units(), blockSize(), true, activation());
  }

  /// The products of the layer's gate, none for a dense layer.
  List<ProjectionSpec> gateProjections(int inputs);

  /// The products of the layer's light path, none if it has no such path.
  List<ProjectionSpec> lightProjections(int inputs);

  /// All blocks always run.
  record Dense(int units, int blockSize, Activation activation) implements LayerSpec {
    public Dense {
      requireShape(units, blockSize);
    }

    @Override
    public List<ProjectionSpec> gateProjections(int inputs) {
      return List.of();
    }

    @Override
    public List<ProjectionSpec> lightProjections(int inputs) {
      return List.of();
    }
  }

  /// The blocks run that the gate opens; with a light path, `α` the gates' weights and `g` 1 for open gates, else 0:
  ///
  /// ```
  /// y = φ( gα (W x + b) + (1 − gα) (V U x + c) )
  /// ```
  ///
  /// our reading of MID-L (Shaeri & Middel, arXiv 2505.11416), whose equations are not published.
  ///
  /// @param lightRank units between `U (rank, in)` and `V (units, rank)`; 0 for no light path: closed units are 0 then
  record Gated(int units, int blockSize, Activation activation, GateSpec gate, int lightRank)
      implements LayerSpec {
    public Gated {
      requireShape(units, blockSize);
      int gates = gate.gates(units, blockSize);
      if (gate.rule().minimumOpen(gates) > gates) {
        throw new IllegalArgumentException(
            "minimum of open gates exceeds gates: minimumOpen="
                + gate.rule().minimumOpen(gates)
                + ", gates="
                + gates);
      }
      if (lightRank < 0) {
        throw new IllegalArgumentException("light rank is negative: lightRank=" + lightRank);
      }
      if (gate.form().readsLight() && lightRank == 0) {
        throw new IllegalArgumentException(
            "gate reads a light path that the layer does not have: gate=" + gate.form().name());
      }
    }

    /// Without a light path.
    public Gated(int units, int blockSize, Activation activation, GateSpec gate) {
      this(units, blockSize, activation, gate, 0);
    }

    public int gates() {
      return gate.gates(units, blockSize);
    }

    /// The same layer with another gate.
    public Gated withGate(GateSpec newGate) {
      return new Gated(units, blockSize, activation, newGate, lightRank);
    }

    @Override
    public List<ProjectionSpec> gateProjections(int inputs) {
      int read = gate.form().readsLight() ? lightRank : inputs;
      return gate.form().projections(read, gate.logits(units, blockSize));
    }

    @Override
    public List<ProjectionSpec> lightProjections(int inputs) {
      return lightRank == 0
          ? List.of()
          : List.of(
              ProjectionSpec.inGate(inputs, lightRank, false, Activation.IDENTITY),
              new ProjectionSpec(lightRank, units, blockSize, true, Activation.IDENTITY));
    }
  }

  private static void requireShape(int units, int blockSize) {
    if (units < 1) {
      throw new IllegalArgumentException("layer has no units: units=" + units);
    }
    if (!PanelLayout.isBlockSize(blockSize)) {
      throw new IllegalArgumentException(
          "block size is not one of 8, 16, 32, 64: blockSize=" + blockSize);
    }
  }
}
