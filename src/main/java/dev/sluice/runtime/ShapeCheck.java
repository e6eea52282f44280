package dev.sluice.runtime;

import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.AlignedMemory;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.LayerWeights;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.Projection;
import java.util.List;
import java.util.Locale;

/// Proves once that a model's parameters have the shapes its blueprint says, so that kernels may
/// trust their arguments.
final class ShapeCheck {
  private ShapeCheck() {}

  static void require(Model model) {
    requireOpen(model);
    ModelSpec spec = model.spec();
    List<LayerWeights> layers = model.weights().layers();
    requireProbabilities(spec);
    requireCount("layers", spec.layers().size(), layers.size());
    for (int layer = 0; layer < layers.size(); layer++) {
      LayerWeights weights = layers.get(layer);
      requireProjection("layer=" + layer, spec.projection(layer), weights.projection());
      for (Chain chain : Chain.values()) {
        requireChain(spec, layer, chain, weights.chain(chain));
      }
    }
  }

  private static void requireProbabilities(ModelSpec spec) {
    for (int stage = 0; stage < spec.stages().size(); stage++) {
      boolean isConfidence = spec.stages().get(stage).exit() instanceof ExitSpec.Confidence;
      if (isConfidence && spec.output() == OutputForm.IDENTITY) {
        throw new IllegalArgumentException(
            "confidence of an exit needs probabilities: stage=" + stage + ", output=identity");
      }
    }
  }

  static void requireOpen(Model model) {
    if (!model.isOpen()) {
      throw new IllegalStateException("model is closed: layers=" + model.spec().architecture());
    }
  }

  private static void requireChain(
      ModelSpec spec, int layer, Chain chain, List<Projection> products) {
    String name = chain.name().toLowerCase(Locale.ROOT);
    List<ProjectionSpec> expected = spec.chain(layer, chain);
    requireCount(name + " products of layer " + layer, expected.size(), products.size());
    if (chain == Chain.GATE) {
      requireGateForm(spec, layer, expected);
    }
    for (int index = 0; index < products.size(); index++) {
      String place = "layer=" + layer + ", " + name + "Product=" + index;
      requireProjection(place, expected.get(index), products.get(index));
    }
  }

  /// Gate forms are open to extension, so a form's chain is checked like any other input.
  private static void requireGateForm(ModelSpec spec, int layer, List<ProjectionSpec> gate) {
    if (!(spec.layers().get(layer) instanceof LayerSpec.Gated gated)) {
      return;
    }
    boolean isConstant = ConstantGate.isConstant(gate);
    boolean readsLight = gated.gate().form().readsLight();
    int read = readsLight ? gated.lightRank() : spec.layerInputs(layer);
    int units = isConstant ? 0 : read;
    for (ProjectionSpec product : gate) {
      requireCount("inputs of a gate product of layer " + layer, units, product.inputs());
      units = product.units();
    }
    int logits = gated.gate().logits(gated.units(), gated.blockSize());
    requireCount("gate logits of layer " + layer, logits, gate.isEmpty() ? 0 : units);
  }

  private static void requireProjection(
      String place, ProjectionSpec expected, Projection projection) {
    if (!projection.spec().equals(expected)
        || !projection
            .weights()
            .layout()
            .withPrecision(WeightPrecision.F32)
            .equals(expected.layout())) {
      throw new IllegalArgumentException(
          "weights differ from blueprint: "
              + place
              + ", expected="
              + expected
              + ", actual="
              + projection.spec()
              + ", panels="
              + projection.weights().layout());
    }
    long biasBytes = (long) expected.layout().storedUnits() * Float.BYTES;
    if (projection.bias().byteSize() < biasBytes
        || !projection.bias().isNative()
        || !AlignedMemory.isAligned(projection.bias())) {
      throw new IllegalArgumentException(
          "bias memory is short, on the heap or not 64-byte aligned: "
              + place
              + ", expectedBytes="
              + biasBytes
              + ", actualBytes="
              + projection.bias().byteSize());
    }
  }

  private static void requireCount(String what, int expected, int actual) {
    if (expected != actual) {
      throw new IllegalArgumentException(
          "model does not fit its blueprint: "
              + what
              + ", expected="
              + expected
              + ", actual="
              + actual);
    }
  }
}
