package dev.sluice.gate;

import java.util.List;
import java.util.Map;

/// How a gate computes its logits from the layer's input: a chain of products, the last of which has one unit per gate.
///
/// A form is its shape; execution, training, storage and accounting follow from [#projections] alone.
public interface GateForm {
  /// The name in blueprints and on the command line, without parameters.
  String name();

  /// The form's parameters by name, in order; empty for most.
  Map<String, Integer> parameters();

  /// Whether the chain reads what the layer's light path computes between its two products, in place of the layer's input.
  default boolean readsLight() {
    return false;
  }

  /// The chain of products for `gates` gates that read `inputs` inputs: those of the layer, or the light path's rank. Unit counts and inputs chain up.
  List<ProjectionSpec> projections(int inputs, int gates);

  /// Standard deviation of the normal distribution from which the weights of product `index` start; the last bias starts at the
  /// wanted opening probability's logit, the others at 0.
  float initialStandardDeviation(int index, int inputs);
}
