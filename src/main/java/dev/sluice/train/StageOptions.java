package dev.sluice.train;

import java.util.List;
import java.util.OptionalDouble;

/// How a network of several stages is trained: `L = Σ_k w_k L_k` over the stages' heads, or under halting the loss of their mixture and
/// what thinking costs, `L + τ·mean(N + R)` (Graves, arXiv 1603.08983). Without effect on a network of one stage.
///
/// @param weights `w_k` of the stages' losses, each at least 0; empty: 1 each. Under halting all are without effect
/// @param sharedGradient whether later stages' losses also move the earlier layers that they share
/// @param selfDistillation `s` in [0, 1]: an earlier head learns `(1 − s)·L_k + s·L(last head's answer)`, with the distillation's temperature
/// @param focus γ at least 0: a later stage's loss of a row is weighted by `(1 − c)^γ`, `c` the largest probability of the stage before it
/// @param gateBudget wanted mean relative MACs of a row through *all* stages, which the gates of a network with exits learn to meet; exits
///     meet [GateOptions#macBudget]. May exceed 1
/// @param ponderWeight τ at least 0
public record StageOptions(
    List<Double> weights,
    boolean sharedGradient,
    double selfDistillation,
    double focus,
    OptionalDouble gateBudget,
    double ponderWeight) {
  private static final double PUBLISHED_SCALE_OF_PONDERING = 0.01;

  public StageOptions {
    weights = List.copyOf(weights);
    weights.forEach(weight -> OptionChecks.within("stage weight", weight, 0, 1e6));
    OptionChecks.within("selfDistillation", selfDistillation, 0, 1);
    OptionChecks.within("focus", focus, 0, 100);
    gateBudget.ifPresent(budget -> OptionChecks.between("gateBudget", budget, 0, 1e3));
    OptionChecks.within("ponderWeight", ponderWeight, 0, 1e6);
  }

  /// Equal weights, gradients through what is shared, no distillation within, no focus.
  public static StageOptions defaults() {
    return new StageOptions(
        List.of(), true, 0, 0, OptionalDouble.empty(), PUBLISHED_SCALE_OF_PONDERING);
  }

  public StageOptions withWeights(List<Double> newWeights) {
    return new StageOptions(
        newWeights, sharedGradient, selfDistillation, focus, gateBudget, ponderWeight);
  }

  public StageOptions withSharedGradient(boolean flows) {
    return new StageOptions(weights, flows, selfDistillation, focus, gateBudget, ponderWeight);
  }

  public StageOptions withSelfDistillation(double share) {
    return new StageOptions(weights, sharedGradient, share, focus, gateBudget, ponderWeight);
  }

  public StageOptions withFocus(double gamma) {
    return new StageOptions(
        weights, sharedGradient, selfDistillation, gamma, gateBudget, ponderWeight);
  }

  public StageOptions withGateBudget(double budget) {
    return new StageOptions(
        weights, sharedGradient, selfDistillation, focus, OptionalDouble.of(budget), ponderWeight);
  }

  public StageOptions withPonderWeight(double tau) {
    return new StageOptions(weights, sharedGradient, selfDistillation, focus, gateBudget, tau);
  }

  double weight(int stage) {
    return weights.isEmpty() ? 1 : weights.get(stage);
  }

  void requireFit(int stages) {
    if (!weights.isEmpty() && weights.size() != stages) {
      throw new IllegalArgumentException(
          "stage weights differ from stages: weights=" + weights.size() + ", stages=" + stages);
    }
  }
}
