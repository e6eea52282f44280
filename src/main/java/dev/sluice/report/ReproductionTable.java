package dev.sluice.report;

import dev.sluice.experiment.paper.Reproduction;
import java.util.List;

/// A paper's figures beside ours.
public final class ReproductionTable {
  private static final String UNKNOWN = "not published to us";

  private ReproductionTable() {}

  public static String text(List<Reproduction.Row> rows) {
    TextTable table =
        new TextTable().left("network").left("figure").right("published").right("ours, %");
    String before = "";
    for (Reproduction.Row row : rows) {
      table.row(
          row.net().equals(before) ? "" : row.net(),
          row.metric().title(),
          published(row),
          FrontierTable.spread("%.2f", 100, row.ours()));
      before = row.net();
    }
    return table.format();
  }

  private static String published(Reproduction.Row row) {
    return row.published().isEmpty() ? UNKNOWN : row.published();
  }
}
