package dev.sluice.experiment.paper;

import java.util.function.ToDoubleFunction;

/// A figure of a table, and how it comes from a finished network. NaN where a network has no such figure.
public enum Metric {
  ACCURACY("accuracy", Unit.SHARE, net -> net.score().accuracy()),
  ERROR("error", Unit.SHARE, net -> 1 - net.score().accuracy()),
  NOISE_10("accuracy, noise 0.1", Unit.SHARE, net -> NoisyRows.accuracy(net, 0.1)),
  NOISE_20("accuracy, noise 0.2", Unit.SHARE, net -> NoisyRows.accuracy(net, 0.2)),
  NOISE_30("accuracy, noise 0.3", Unit.SHARE, net -> NoisyRows.accuracy(net, 0.3)),
  NOISE_50("accuracy, noise 0.5", Unit.SHARE, net -> NoisyRows.accuracy(net, 0.5)),
  /// Of the last hidden layer.
  SLICED_INFORMATION(
      "sliced information of open units and label", Unit.BITS, SlicedInformation::ofNetwork),

  /// Mean hard mask over rows and gates.
  GATE_RATIO("gate-activation ratio", Unit.SHARE, net -> net.score().gates().ratioMean()),
  INACTIVE_SHARE("inactive share", Unit.SHARE, net -> 1 - net.score().gates().ratioMean()),
  GATE_SPREAD(
      "gate ratio, deviation over rows", Unit.SHARE, net -> net.score().gates().ratioStdDev()),
  COMMONEST_SET(
      "rows with the commonest set", Unit.SHARE, net -> net.score().gates().commonestShare()),

  BOTH_SIDED(
      "relative MAC, both sides masked", Unit.SHARE, net -> net.score().published().bothSided()),
  INPUT_SIDED(
      "relative MAC, inputs masked", Unit.SHARE, net -> net.score().published().inputSided()),
  LAST_LAYER(
      "relative MAC, last layer masked",
      Unit.SHARE,
      net -> net.score().published().lastLayerSided()),
  UNIT_MACS("relative MACs, closed units free", Unit.SHARE, UnitMacs::relative),
  /// Ours, of the network's own dense twin: blocks that run, gates, light paths, exits.
  RELATIVE_MACS("relative MACs, gates counted", Unit.SHARE, net -> net.score().relativeMacsSelf()),

  LOAD_VARIATION("CV of experts' load", Unit.RATIO, Experts::loadVariation),
  MOST_LOADED("largest over mean load", Unit.RATIO, Experts::mostLoaded),
  USAGE_ENTROPY("entropy of usage", Unit.BITS, Experts::usageEntropy),
  EXPERT_INFORMATION("information of experts and label", Unit.BITS, Experts::labelInformation),
  ROUTER_MACS("router MACs", Unit.COUNT, Experts::routerMacs),
  DROPPED("rows beyond capacity", Unit.SHARE, net -> CapacityDrops.of(net).share()),
  ACCURACY_DROPPING("accuracy with drops", Unit.SHARE, net -> CapacityDrops.of(net).accuracy()),

  STAGES("stages per row", Unit.RATIO, Pondering::stages),
  PONDER("ponder N + R", Unit.RATIO, Pondering::cost);

  /// How a figure is printed.
  public enum Unit {
    SHARE,
    BITS,
    RATIO,
    COUNT
  }

  private final String title;
  private final Unit unit;
  private final ToDoubleFunction<Measured> figure;

  Metric(String title, Unit unit, ToDoubleFunction<Measured> figure) {
    this.title = title;
    this.unit = unit;
    this.figure = figure;
  }

  public String title() {
    return title;
  }

  public Unit unit() {
    return unit;
  }

  public double of(Measured net) {
    return figure.applyAsDouble(net);
  }
}
