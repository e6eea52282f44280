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

  /// All blocks always run.
  record Dense(int units, int blockSize, Activation activation) implements LayerSpec {
    public Dense {
      requireShape(units, blockSize);
    }

    @Override
    public List<ProjectionSpec> gateProjections(int inputs) {
      return List.of();
    }
  }

  /// The blocks run that the gate opens.
  record Gated(int units, int blockSize, Activation activation, GateSpec gate)
      implements LayerSpec {
    public Gated {
      requireShape(units, blockSize);
      int gates = gate.gates(units, blockSize);
      if (gate.minimumOpen() > gates) {
        throw new IllegalArgumentException(
            "minimum of open gates exceeds gates: minimumOpen="
                + gate.minimumOpen()
                + ", gates="
                + gates);
      }
    }

    public int gates() {
      return gate.gates(units, blockSize);
    }

    @Override
    public List<ProjectionSpec> gateProjections(int inputs) {
      return gate.form().projections(inputs, gates());
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
