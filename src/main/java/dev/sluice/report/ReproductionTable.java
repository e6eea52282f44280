package dev.sluice.report;

import dev.sluice.experiment.paper.Reproduction;
import java.util.List;

/// A paper's figures beside ours.
public final class ReproductionTable {
  private static final String UNKNOWN = "not published to us";

  private ReproductionTable() {}

  public static String text(List<Reproduction.Row> rows) {
    TextTable table =
        new TextTable().left("network").left("figure").right("published").right("ours");
    String before = "";
    for (Reproduction.Row row : rows) {
      table.row(
          row.net().equals(before) ? "" : row.net(),
          row.metric().title(),
          published(row),
          ours(row));
      before = row.net();
    }
    return table.format();
  }

  private static String ours(Reproduction.Row row) {
    return switch (row.metric().unit()) {
      case SHARE -> FrontierTable.spread("%.2f", 100, row.ours()) + " %";
      case BITS -> FrontierTable.spread("%.4f", 1, row.ours()) + " bits";
      case RATIO -> FrontierTable.spread("%.3f", 1, row.ours());
      case COUNT -> FrontierTable.spread("%,.0f", 1, row.ours());
    };
  }

  private static String published(Reproduction.Row row) {
    return row.published().isEmpty() ? UNKNOWN : row.published();
  }
}
