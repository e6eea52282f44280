package dev.sluice.train;

/// A value that moves from `start` to `end` while training progresses, and stays there.
///
/// ```
/// t = min(1, progress / untilShare)
/// LINEAR        start + (end − start)·t
/// EXPONENTIAL   start · (end / start)^t
/// ```
///
/// @param untilShare share of all steps, in (0, 1], at which `end` is reached
public record Schedule(Shape shape, double start, double end, double untilShare) {
  /// How the value moves.
  public enum Shape {
    LINEAR,
    EXPONENTIAL
  }

  public Schedule {
    OptionChecks.within("schedule start", start, -1e9, 1e9);
    OptionChecks.within("schedule end", end, -1e9, 1e9);
    OptionChecks.between("schedule untilShare", untilShare, 0, Math.nextUp(1.0));
    if (shape == Shape.EXPONENTIAL && !(start > 0 && end > 0)) {
      throw new IllegalArgumentException(
          "exponential schedule is not positive: start=" + start + ", end=" + end);
    }
  }

  public static Schedule constant(double value) {
    return new Schedule(Shape.LINEAR, value, value, 1);
  }

  public static Schedule linear(double start, double end, double untilShare) {
    return new Schedule(Shape.LINEAR, start, end, untilShare);
  }

  public static Schedule exponential(double start, double end, double untilShare) {
    return new Schedule(Shape.EXPONENTIAL, start, end, untilShare);
  }

  /// @param progress share of all steps done, in [0, 1]
  public double at(double progress) {
    double t = Math.min(1, progress / untilShare);
    if (t == 1 || start == end) {
      return end;
    }
    return switch (shape) {
      case LINEAR -> start + (end - start) * t;
      case EXPONENTIAL -> start * StrictMath.pow(end / start, t);
    };
  }
}
