package dev.sluice.train;

import java.util.OptionalDouble;

/// Finds λ of `λ·relMACs(ĝ)` such that the hard, gates-counted relative MACs of the batches meet a target: a proportional–integral
/// controller of log λ. The target falls from 1 to the budget while the network can still adapt, then stays.
///
/// In the logarithm, because the λ that holds a budget shrinks with the task's gradient over orders of magnitude; per share of the
/// training, because short trainings have to find it as surely as long ones.
final class BudgetController {
  /// An error of 0.01 changes λ by a fifth at once …
  private static final double PROPORTIONAL = 20;

  /// … and by a factor of e if it lasts for a fifth of the training.
  private static final double INTEGRAL = 500;

  /// What [#INTEGRAL] may at most be for one step: gates need some tens of steps to follow.
  private static final double LARGEST_PER_STEP = 0.5;

  /// Beyond it an error counts no more: gates follow with a lag, and a λ that grew meanwhile would close them all.
  private static final double LARGEST_ERROR = 0.05;

  private static final double FIRST_LOG = StrictMath.log(0.05);
  private static final double SMALLEST_LOG = StrictMath.log(1e-4);
  private static final double LARGEST_LOG = StrictMath.log(100);

  private final OptionalDouble budget;
  private final double rampFrom;
  private final double rampTo;
  private final double perStep;
  private double integral = FIRST_LOG;

  /// The target is 1 for the warm-up's share of the steps and falls to the budget over the ramp's. λ starts small and acts from the
  /// first step on.
  ///
  /// @param budget wanted relative MACs; without one, λ is 0
  BudgetController(OptionalDouble budget, GateOptions options, long totalSteps) {
    this.budget = budget;
    this.rampFrom = options.warmUpShare();
    this.rampTo = options.warmUpShare() + options.rampShare();
    this.perStep = Math.min(LARGEST_PER_STEP, INTEGRAL / totalSteps);
  }

  /// @param progress share of all steps done
  double target(double progress) {
    double t = progress >= rampTo ? 1 : Math.max(0, (progress - rampFrom) / (rampTo - rampFrom));
    double wanted = budget.orElse(1);
    return t == 1 ? wanted : 1 + (wanted - 1) * t;
  }

  /// λ for a batch whose relative MACs are `relativeMacs`; to be called once per step.
  double weight(double relativeMacs, double progress) {
    if (budget.isEmpty()) {
      return 0;
    }
    double error = Math.clamp(relativeMacs - target(progress), -LARGEST_ERROR, LARGEST_ERROR);
    integral = Math.clamp(integral + perStep * error, SMALLEST_LOG, LARGEST_LOG);
    return StrictMath.exp(Math.clamp(integral + PROPORTIONAL * error, SMALLEST_LOG, LARGEST_LOG));
  }

  /// All that the controller remembers.
  double integral() {
    return integral;
  }

  void restore(double newIntegral) {
    integral = newIntegral;
  }
}
