package dev.sluice.train;

import java.util.List;
import java.util.OptionalDouble;

/// How the gates of a network are trained. Without effect on a network that has none.
///
/// @param macBudget wanted mean of the hard, gates-counted relative MACs, in (0, 1]; the trainer finds the penalty that meets it
/// @param initialOpening p₀ in (0, 1), the probability at which gates start when their products are 0
/// @param temperature T > 0 over training
/// @param threshold in (0, 1) over training
/// @param warmUpShare share of the steps before penalties act
/// @param rampShare share of the steps after the warm-up in which penalties grow linearly to their full weight
/// @param penalties terms of DynamicGate-MLP; none with a budget unless asked for
/// @param blockFloor share of a batch's rows that each gate should open on
/// @param blockFloorWeight of `Σ_j max(0, blockFloor − mean_i p_ij)²` per layer, against dead blocks
/// @param varianceWeight of `−Σ_j var_i(p_ij)` per layer (Bengio et al. 2015, eq. 7), against a collapse to one static subnet
/// @param learningRateScale learning rate of gates over that of layers
/// @param clipNorm largest Euclidean norm of all gate gradients together, 0 for none
/// @param closedBlockGradient true: in training all blocks are computed, and closed gates learn what opening would have brought; false:
///     only open blocks are computed, training is faster, and closed gates learn from penalties alone
public record GateOptions(
    OptionalDouble macBudget,
    double initialOpening,
    Schedule temperature,
    Schedule threshold,
    double warmUpShare,
    double rampShare,
    List<UsagePenalty> penalties,
    double blockFloor,
    double blockFloorWeight,
    double varianceWeight,
    double learningRateScale,
    double clipNorm,
    TrainingDecision decision,
    boolean closedBlockGradient) {

  public GateOptions {
    penalties = List.copyOf(penalties);
    if (macBudget.isPresent()) {
      OptionChecks.between("macBudget", macBudget.getAsDouble(), 0, Math.nextUp(1.0));
    }
    OptionChecks.between("initialOpening", initialOpening, 0, 1);
    requirePositive("temperature", temperature);
    requirePositive("threshold", threshold);
    OptionChecks.between("threshold start", threshold.start(), 0, 1);
    OptionChecks.between("threshold end", threshold.end(), 0, 1);
    OptionChecks.within("warmUpShare", warmUpShare, 0, 1);
    OptionChecks.within("rampShare", rampShare, 0, 1);
    OptionChecks.within("blockFloor", blockFloor, 0, 1);
    OptionChecks.within("blockFloorWeight", blockFloorWeight, 0, 1e9);
    OptionChecks.within("varianceWeight", varianceWeight, 0, 1e9);
    OptionChecks.between("learningRateScale", learningRateScale, 0, 1e6);
    OptionChecks.within("gate clipNorm", clipNorm, 0, 1e9);
  }

  private static void requirePositive(String name, Schedule schedule) {
    OptionChecks.between(name + " start", schedule.start(), 0, Double.POSITIVE_INFINITY);
    OptionChecks.between(name + " end", schedule.end(), 0, Double.POSITIVE_INFINITY);
  }

  public static GateOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Collects the options; each starts at its default.
  public static final class Builder {
    private OptionalDouble macBudget = OptionalDouble.empty();
    private double initialOpening = 0.73;
    private Schedule temperature = Schedule.constant(1);
    private Schedule threshold = Schedule.constant(0.5);
    private double warmUpShare = 0.05;
    private double rampShare = 0.4;
    private List<UsagePenalty> penalties = List.of();
    private double blockFloor = 0.02;
    private double blockFloorWeight;
    private double varianceWeight;
    private double learningRateScale = 1;
    private double clipNorm;
    private TrainingDecision decision = TrainingDecision.THRESHOLD;
    private boolean closedBlockGradient = true;

    private Builder() {}

    private Builder(GateOptions options) {
      macBudget = options.macBudget;
      initialOpening = options.initialOpening;
      temperature = options.temperature;
      threshold = options.threshold;
      warmUpShare = options.warmUpShare;
      rampShare = options.rampShare;
      penalties = options.penalties;
      blockFloor = options.blockFloor;
      blockFloorWeight = options.blockFloorWeight;
      varianceWeight = options.varianceWeight;
      learningRateScale = options.learningRateScale;
      clipNorm = options.clipNorm;
      decision = options.decision;
      closedBlockGradient = options.closedBlockGradient;
    }

    public Builder macBudget(double value) {
      macBudget = OptionalDouble.of(value);
      return this;
    }

    public Builder noMacBudget() {
      macBudget = OptionalDouble.empty();
      return this;
    }

    public Builder initialOpening(double value) {
      initialOpening = value;
      return this;
    }

    public Builder temperature(Schedule value) {
      temperature = value;
      return this;
    }

    public Builder threshold(Schedule value) {
      threshold = value;
      return this;
    }

    public Builder warmUpShare(double value) {
      warmUpShare = value;
      return this;
    }

    public Builder rampShare(double value) {
      rampShare = value;
      return this;
    }

    public Builder penalties(List<UsagePenalty> value) {
      penalties = value;
      return this;
    }

    public Builder blockFloor(double share, double weight) {
      blockFloor = share;
      blockFloorWeight = weight;
      return this;
    }

    public Builder varianceWeight(double value) {
      varianceWeight = value;
      return this;
    }

    public Builder learningRateScale(double value) {
      learningRateScale = value;
      return this;
    }

    public Builder clipNorm(double value) {
      clipNorm = value;
      return this;
    }

    public Builder decision(TrainingDecision value) {
      decision = value;
      return this;
    }

    public Builder closedBlockGradient(boolean value) {
      closedBlockGradient = value;
      return this;
    }

    public GateOptions build() {
      return new GateOptions(
          macBudget,
          initialOpening,
          temperature,
          threshold,
          warmUpShare,
          rampShare,
          penalties,
          blockFloor,
          blockFloorWeight,
          varianceWeight,
          learningRateScale,
          clipNorm,
          decision,
          closedBlockGradient);
    }
  }
}
