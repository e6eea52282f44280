package dev.sluice.gate;

import java.util.Map;

/// Which gates open for a row, given their logits: at run time ([GateSelector]) and while they learn ([GateEstimator]).
///
/// A rule is independent of the form that computes the logits. A new rule is one class and one line in [GateRules].
public interface GateRule {
  /// The name in blueprints and on the command line, without parameters.
  String name();

  /// The rule's parameters by name, in order: whole numbers as `Integer`, others as `Float`.
  Map<String, Number> parameters();

  /// Logits that the form has to compute for each gate; those of kind `i` of gate `j` are at `i·gates + j`.
  default int logitsPerGate() {
    return 1;
  }

  /// The fewest of `gates` gates that are open for any row.
  int minimumOpen(int gates);

  /// The most of `gates` gates that are open for any row.
  default int maximumOpen(int gates) {
    return gates;
  }

  /// Decides at run time; one per predictor.
  GateSelector selector(int gates);

  /// Decides in training, and learns; one per training.
  ///
  /// @param rows the largest batch
  /// @param samples whether decisions are drawn with the probabilities of the soft gates, where the rule knows both ways
  GateEstimator estimator(int gates, int rows, boolean samples);

  /// This rule at another temperature and threshold, where it has them.
  default GateRule withSchedule(float temperature, float threshold) {
    return this;
  }
}
