package dev.sluice.gate;

import java.util.Map;

/// Which gates open for a row, given their logits: at run time ([GateSelector]) and while they learn ([GateEstimator]).
///
/// A rule is independent of the form that computes the logits. A new rule is one class and one line in [GateRules].
public interface GateRule {
  /// The name in blueprints and on the command line, without parameters.
  String name();

  /// The rule's parameters by name, in order: whole numbers, `Float`s, or words.
  Map<String, Object> parameters();

  /// Logits that the form has to compute for each gate; those of kind `i` of gate `j` are at `i·gates + j`.
  default int logitsPerGate() {
    return 1;
  }

  /// The fewest of `gates` gates that are open for any row at run time.
  int minimumOpen(int gates);

  /// The most of `gates` gates that are open for any row at run time.
  default int maximumOpen(int gates) {
    return gates;
  }

  /// Whether the logits decide how many of `gates` gates open, so that a MAC budget can be met by moving them.
  default boolean opensByLogits(int gates) {
    return minimumOpen(gates) < maximumOpen(gates);
  }

  /// Decides at run time; one per predictor.
  GateSelector selector(int gates);

  /// Decides in training, and learns; one per training.
  ///
  /// @param rows the largest batch
  /// @param samples whether decisions are drawn with the probabilities of the soft gates, where the rule knows both ways
  GateEstimator estimator(int gates, int rows, boolean samples);

  /// Whether closed gates learn from what opening would have brought; if not, their blocks need not be computed in training.
  default boolean learnsFromClosedGates() {
    return true;
  }

  /// T, by which logits are divided before the sigmoid.
  default float temperature() {
    return 1f;
  }

  /// The bias from which logits of kind `kind` start: `T·logit(opening)`, unless a rule has no such probability.
  ///
  /// @param opening wanted probability of opening, in (0, 1)
  default double initialLogit(int kind, double opening) {
    return temperature() * StrictMath.log(opening / (1 - opening));
  }

  /// Whether the weights of the product that computes the logits start at 0, so that at first all rows have the same.
  default boolean startsAtZero() {
    return false;
  }

  /// This rule at another temperature and threshold, where it has them.
  default GateRule withSchedule(float temperature, float threshold) {
    return this;
  }
}
