package dev.sluice.report;

import dev.sluice.experiment.Spread;
import dev.sluice.experiment.Summary;
import java.util.List;
import java.util.Locale;

/// A frontier as a table: every method beside the dense network and the plain dense network of as many MACs.
public final class FrontierTable {
  private static final String NONE = "–";

  private final List<Summary> rows;

  public FrontierTable(List<Summary> rows) {
    this.rows = List.copyOf(rows);
  }

  public String text() {
    return table().format() + "\n" + legend();
  }

  public String markdown() {
    return table().markdown() + "\n" + legend();
  }

  private static String legend() {
    return """
    Accuracies are of test rows, mean ± standard deviation over seeds; differences in points, paired by seed. Relative MACs count gates,
    exits and all else, over the dense network's. W: best validation accuracy at its budget. P: on the Pareto front of relative MACs
    and test accuracy. Speed-up: measured at batch 1 without skipping zeros; ideal: one over relative MACs.
    """;
  }

  private TextTable table() {
    TextTable table =
        new TextTable()
            .left("method")
            .right("budget")
            .right("seeds")
            .right("relative MACs")
            .right("accuracy %")
            .right("− dense")
            .right("− equal-MAC")
            .right("speed-up")
            .right("ideal")
            .right("gate spread")
            .right("commonest set")
            .left("marks");
    rows.forEach(row -> add(table, row));
    return table;
  }

  private static void add(TextTable table, Summary row) {
    table.row(
        row.method(),
        row.method().equals(Summary.DENSE) ? NONE : Figures.compact(row.budget()),
        Integer.toString(row.accuracy().count()),
        Figures.share(row.relativeMacs().mean()),
        spread("%.2f", 100, row.accuracy()),
        spread("%+.2f", 100, row.overDense()),
        spread("%+.2f", 100, row.overEqualMac()),
        Figures.times(row.speedup().mean()),
        Figures.times(1 / row.relativeMacs().mean()),
        Figures.share(row.gateStdDev().mean()),
        Figures.share(row.commonestSet().mean()),
        (row.isWinner() ? "W" : "") + (row.isOnFront() ? "P" : ""));
  }

  /// @param pattern of the mean; the deviation has no sign
  static String spread(String pattern, double scale, Spread spread) {
    if (Double.isNaN(spread.mean())) {
      return NONE;
    }
    String mean = String.format(Locale.ROOT, pattern, scale * spread.mean());
    if (Double.isNaN(spread.standardDeviation())) {
      return mean;
    }
    String unsigned = " ± " + pattern.replace("+", "");
    return mean + String.format(Locale.ROOT, unsigned, scale * spread.standardDeviation());
  }
}
