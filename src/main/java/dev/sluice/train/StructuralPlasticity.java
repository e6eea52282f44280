package dev.sluice.train;

import dev.sluice.model.ModelSpec;

/// Which tiles of hidden layers' own products (see [dev.sluice.memory.TileMap]) have weights at all. Heads of all stages, gates, light
/// paths and halting units stay dense.
///
/// [Method#RIGL] starts with `density` of each layer's tiles and rewires every `everySteps` steps: it drops a share
/// `f(t) = ½·alpha·(1 + cos(π·t/T_end))` of the live tiles, those of the smallest Frobenius norm, and grows as many that were dead, those whose
/// dense gradient has the largest (Evci et al. 2020, arXiv 1911.11134, by tile instead of by weight). At least one tile moves.
/// [Method#MAGNITUDE] trains densely, removes the tiles of the smallest norm at once, and trains what is left.
///
/// @param density share of the tiles that are live, in (0, 1]; below 1 for RigL; of each layer, a layer keeps one tile at least
/// @param alpha share of the live tiles that the first rewiring moves, in (0, 1]
/// @param everySteps between rewirings, at least 1
/// @param untilShare of the steps at which rewiring ends, `T_end`, in (0, 1]
/// @param growDeviation standard deviation of a grown tile's weights, 0 as in the paper
/// @param gradientMemory β in [0, 1): tiles grow by the mean `β·mean + (1 − β)·gradient` of the dense gradients; 0 is the last gradient
/// @param pruneAtShare of the steps after which magnitude pruning removes its tiles, in [0, 1); 0 is at once, by initial weights
/// @param scope what magnitude pruning compares and `density` is a share of
public record StructuralPlasticity(
    Method method,
    double density,
    Layers layers,
    Start start,
    double alpha,
    int everySteps,
    double untilShare,
    double growDeviation,
    double gradientMemory,
    double pruneAtShare,
    Scope scope) {

  /// How tiles are chosen.
  public enum Method {
    /// All are live.
    NONE,
    MAGNITUDE,
    RIGL
  }

  /// Whose own products are sparse.
  public enum Layers {
    HIDDEN,
    FIRST
  }

  /// Which tiles RigL starts with.
  public enum Start {
    RANDOM,
    /// Those whose initial weights have the largest norm.
    MAGNITUDE
  }

  /// Whether layers are pruned each to the same density or all together.
  public enum Scope {
    LAYER,
    GLOBAL
  }

  public StructuralPlasticity {
    OptionChecks.between("density", density, 0, Math.nextUp(1.0));
    OptionChecks.between("alpha", alpha, 0, Math.nextUp(1.0));
    OptionChecks.atLeast("everySteps", everySteps, 1);
    OptionChecks.between("untilShare", untilShare, 0, Math.nextUp(1.0));
    OptionChecks.within("growDeviation", growDeviation, 0, 1e3);
    OptionChecks.below("gradientMemory", gradientMemory, 0, 1);
    OptionChecks.below("pruneAtShare", pruneAtShare, 0, 1);
    if (method == Method.RIGL) {
      OptionChecks.between("density", density, 0, 1);
    }
  }

  public static StructuralPlasticity none() {
    return new Builder(Method.NONE, 1).build();
  }

  /// Pruned half-way through training, each layer by itself.
  public static Builder magnitude(double density) {
    return new Builder(Method.MAGNITUDE, density);
  }

  /// With the paper's α, interval and end.
  public static Builder rigl(double density) {
    return new Builder(Method.RIGL, density);
  }

  boolean isOn() {
    return method != Method.NONE;
  }

  /// Whether the own product of a layer is sparse.
  boolean includes(int layer, ModelSpec spec) {
    boolean isHead = layer == spec.head(spec.stageOf(layer));
    return isOn() && !isHead && (layers == Layers.HIDDEN || layer == 0);
  }

  /// The step, from 0, before which magnitude pruning removes its tiles.
  long pruneStep(long totalSteps) {
    return Math.min(totalSteps - 1, (long) (pruneAtShare * totalSteps));
  }

  /// Whether tiles are rewired after a step.
  ///
  /// @param done steps done with it
  boolean rewires(long done, long totalSteps) {
    return method == Method.RIGL && done % everySteps == 0 && done < untilShare * totalSteps;
  }

  /// f(t) of the class's formula.
  double dropShare(long done, long totalSteps) {
    return alpha / 2 * (1 + StrictMath.cos(StrictMath.PI * done / (untilShare * totalSteps)));
  }

  /// The same, rewiring more often where `totalSteps` are too few for `times` rewirings before the end.
  public StructuralPlasticity rewiringAtLeast(int times, long totalSteps) {
    long mostSteps = (long) (untilShare * totalSteps) / times;
    return new StructuralPlasticity(
        method,
        density,
        layers,
        start,
        alpha,
        Math.clamp(mostSteps, 1, everySteps),
        untilShare,
        growDeviation,
        gradientMemory,
        pruneAtShare,
        scope);
  }

  /// @throws IllegalArgumentException if nothing would ever be rewired: a training that looks like RigL and is not
  void requireRewiring(long totalSteps) {
    if (method == Method.RIGL && everySteps >= untilShare * totalSteps) {
      throw new IllegalArgumentException(
          "rigl would never rewire: everySteps="
              + everySteps
              + ", untilStep="
              + (long) (untilShare * totalSteps)
              + ", totalSteps="
              + totalSteps);
    }
  }

  /// Collects the options; each starts at its default.
  public static final class Builder {
    private final Method method;
    private final double density;
    private Layers layers = Layers.HIDDEN;
    private Start start = Start.RANDOM;
    private double alpha = 0.3;
    private int everySteps = 100;
    private double untilShare = 0.75;
    private double growDeviation = 0.02;
    private double gradientMemory;
    private double pruneAtShare = 0.5;
    private Scope scope = Scope.LAYER;

    private Builder(Method method, double density) {
      this.method = method;
      this.density = density;
    }

    public Builder layers(Layers value) {
      layers = value;
      return this;
    }

    public Builder start(Start value) {
      start = value;
      return this;
    }

    public Builder alpha(double value) {
      alpha = value;
      return this;
    }

    public Builder everySteps(int value) {
      everySteps = value;
      return this;
    }

    public Builder untilShare(double value) {
      untilShare = value;
      return this;
    }

    public Builder growDeviation(double value) {
      growDeviation = value;
      return this;
    }

    public Builder gradientMemory(double value) {
      gradientMemory = value;
      return this;
    }

    public Builder pruneAtShare(double value) {
      pruneAtShare = value;
      return this;
    }

    public Builder scope(Scope value) {
      scope = value;
      return this;
    }

    public StructuralPlasticity build() {
      return new StructuralPlasticity(
          method,
          density,
          layers,
          start,
          alpha,
          everySteps,
          untilShare,
          growDeviation,
          gradientMemory,
          pruneAtShare,
          scope);
    }
  }
}
