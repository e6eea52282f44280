package dev.sluice.train;

/// The learning rate from step to step. With `t` the share of the phase that is done:
///
/// ```
///              first warmUpShare of the steps       the rest
/// CONSTANT     linear 0 → peak                      peak
/// COSINE       linear 0 → peak                      cosine peak → peak·finalFraction
/// ONE_CYCLE    cosine peak/25 → peak                cosine peak → peak·finalFraction
/// cosine a → b:  b + (a − b)·(1 + cos πt)/2
/// ```
///
/// One-cycle is Smith & Topin 2018 (arXiv 1708.07120) in two phases, without cycling momentum.
///
/// @param peak highest learning rate, > 0
/// @param warmUpShare share of all steps, in [0, 1)
/// @param finalFraction in [0, 1]
public record LearningRate(Shape shape, double peak, double warmUpShare, double finalFraction) {
  /// The course of the learning rate.
  public enum Shape {
    CONSTANT,
    COSINE,
    ONE_CYCLE
  }

  private static final double ONE_CYCLE_START_DIVISOR = 25;

  public LearningRate {
    OptionChecks.between("learningRate peak", peak, 0, 1e6);
    OptionChecks.below("learningRate warmUpShare", warmUpShare, 0, 1);
    OptionChecks.within("learningRate finalFraction", finalFraction, 0, 1);
  }

  public static LearningRate constant(double rate) {
    return new LearningRate(Shape.CONSTANT, rate, 0, 1);
  }

  public static LearningRate cosine(double peak, double warmUpShare) {
    return new LearningRate(Shape.COSINE, peak, warmUpShare, 0);
  }

  public static LearningRate oneCycle(double peak) {
    return new LearningRate(Shape.ONE_CYCLE, peak, 0.3, 1e-4);
  }

  public LearningRate withPeak(double newPeak) {
    return new LearningRate(shape, newPeak, warmUpShare, finalFraction);
  }

  /// The rate of a step.
  ///
  /// @param step from 0
  /// @param totalSteps of the whole training
  public double at(long step, long totalSteps) {
    double warmUpSteps = warmUpShare * totalSteps;
    if (step < warmUpSteps) {
      // (step + 1): the first step moves too
      return shape == Shape.ONE_CYCLE
          ? cosine(peak / ONE_CYCLE_START_DIVISOR, peak, step / warmUpSteps)
          : peak * Math.min(1, (step + 1) / warmUpSteps);
    }
    if (shape == Shape.CONSTANT) {
      return peak;
    }
    double remaining = Math.max(1, totalSteps - warmUpSteps);
    return cosine(peak, peak * finalFraction, Math.min(1, (step - warmUpSteps) / remaining));
  }

  private static double cosine(double from, double to, double t) {
    return to + (from - to) * (1 + StrictMath.cos(Math.PI * t)) / 2;
  }
}
