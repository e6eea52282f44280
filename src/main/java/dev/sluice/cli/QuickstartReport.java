package dev.sluice.cli;

import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import java.util.List;
import java.util.Locale;

/// The table of quickstart, and how to read it.
record QuickstartReport(QuickstartResult result) {
  /// Differences of accuracy below this many standard errors may be chance.
  private static final double STANDARD_ERRORS = 2;

  String text() {
    return table().format()
        + "\n"
        + String.join("\n", reading())
        + "\n\nmodel: "
        + result.file()
        + "\nnext:  sluice eval "
        + Shell.quote(result.file().toString())
        + " --data "
        + Shell.quote("stroke-digits?seed=" + result.plan().seed())
        + "\n";
  }

  private TextTable table() {
    TextTable table =
        new TextTable()
            .left("network")
            .left("layers")
            .right("accuracy")
            .right("gate ratio")
            .right("relative MACs")
            .right("p50")
            .right("p99")
            .right("promised")
            .right("measured");
    for (QuickstartResult.Network network : result.networks()) {
      ModelScore score = network.score();
      table.row(
          network.name(),
          network.layers(),
          Figures.percent(score.accuracy()),
          gateRatio(score),
          Figures.share(relativeMacs(network)),
          Figures.micros(network.latency().p50Nanos()),
          Figures.micros(network.latency().p99Nanos()),
          Figures.times(promised(network)),
          Figures.times(measured(network)));
    }
    return table;
  }

  private static String gateRatio(ModelScore score) {
    return Figures.share(score.gateRatioMean()) + " ± " + Figures.share(score.gateRatioStdDev());
  }

  /// Over the MACs of the dense network, not the network's own.
  private double relativeMacs(QuickstartResult.Network network) {
    return network.score().structuralMacs() / result.dense().score().denseMacs();
  }

  private double promised(QuickstartResult.Network network) {
    return 1 / relativeMacs(network);
  }

  private double measured(QuickstartResult.Network network) {
    return result.dense().latency().p50Nanos() / network.latency().p50Nanos();
  }

  /// Two sentences that hold for these very figures.
  List<String> reading() {
    return List.of(onAccuracy(), onSpeed());
  }

  private String onAccuracy() {
    double gated = result.gated().score().accuracy();
    double equal = result.equalMacs().score().accuracy();
    double dense = result.dense().score().accuracy();
    int rows = result.gated().score().rows();
    double margin = STANDARD_ERRORS * Math.sqrt((gated * (1 - gated) + equal * (1 - equal)) / rows);
    String verdict;
    if (Math.abs(gated - equal) <= margin) {
      verdict = "is not distinguishable from";
    } else {
      verdict = gated > equal ? "beats" : "loses to";
    }
    return String.format(
        Locale.ROOT,
        "The gated network %s the plain dense network of as many MACs (%+.2f points, chance alone"
            + " makes ±%.2f on %,d rows) and is %+.2f points from the full dense one.",
        verdict,
        100 * (gated - equal),
        100 * margin,
        rows,
        100 * (gated - dense));
  }

  private String onSpeed() {
    QuickstartResult.Network gated = result.gated();
    return String.format(
        Locale.ROOT,
        "Its MACs promise %.2f× the dense speed and %.2f× was measured at batch 1 on one core with"
            + " %s kernels; times are of this one run, JMH makes the ones to quote.",
        promised(gated),
        measured(gated),
        result.kernels());
  }

  JsonText json() {
    return JsonText.object()
        .put("seed", result.plan().seed())
        .put("threads", result.threads())
        .put("kernels", result.kernels())
        .put("macBudget", result.plan().macBudget())
        .put("epochs", result.plan().epochs())
        .put("trainingRows", result.plan().trainingRows())
        .put("testRows", result.plan().testRows())
        .putObjects("networks", result.networks(), this::describe)
        .putAll("reading", reading())
        .put("file", result.file().toString())
        .put("seconds", result.seconds());
  }

  private void describe(QuickstartResult.Network network, JsonText object) {
    object
        .put("name", network.name())
        .put("layers", network.layers())
        .put("accuracy", network.score().accuracy())
        .put("gateRatioMean", network.score().gateRatioMean())
        .put("gateRatioStdDev", network.score().gateRatioStdDev())
        .put("relativeMacs", relativeMacs(network))
        .put("structuralMacs", network.score().structuralMacs())
        .put("executedMacs", network.score().executedMacs())
        .put("p50Nanos", network.latency().p50Nanos())
        .put("p99Nanos", network.latency().p99Nanos())
        .put("promisedSpeedUp", promised(network))
        .put("measuredSpeedUp", measured(network))
        .put("trainingSeconds", network.trainingSeconds());
  }
}
