package dev.sluice.experiment.paper;

import dev.sluice.experiment.Score;
import java.util.function.ToDoubleFunction;

/// A figure of a table, and how it comes from a score. Shares, but for the last two.
public enum Metric {
  ACCURACY("accuracy", Score::accuracy),
  ERROR("error", score -> 1 - score.accuracy()),
  /// Mean hard mask over rows and gates.
  GATE_RATIO("gate-activation ratio", score -> score.gates().ratioMean()),
  INACTIVE_SHARE("inactive share", score -> 1 - score.gates().ratioMean()),
  BOTH_SIDED("relative MAC, both sides masked", score -> score.published().bothSided()),
  INPUT_SIDED("relative MAC, inputs masked", score -> score.published().inputSided()),
  LAST_LAYER("relative MAC, last layer masked", score -> score.published().lastLayer()),
  /// Ours, of the network's own dense twin.
  RELATIVE_MACS("relative MACs, gates counted", Score::relativeMacsSelf),
  GATE_SPREAD("gate ratio, deviation over rows", score -> score.gates().ratioStdDev()),
  COMMONEST_SET("rows with the commonest set", score -> score.gates().commonestShare());

  private final String title;
  private final ToDoubleFunction<Score> figure;

  Metric(String title, ToDoubleFunction<Score> figure) {
    this.title = title;
    this.figure = figure;
  }

  public String title() {
    return title;
  }

  public double of(Score score) {
    return figure.applyAsDouble(score);
  }
}
