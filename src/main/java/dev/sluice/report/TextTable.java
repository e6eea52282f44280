package dev.sluice.report;

import java.util.ArrayList;
import java.util.List;

/// A table of plain text: a line of titles, a rule, then the rows, each column as wide as its widest
/// cell.
///
/// ```
/// net       accuracy  p50
/// --------  --------  -------
/// dense       98.1 %  12.4 µs
/// ```
public final class TextTable {
  private static final String GAP = "  ";

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  private record Column(String title, boolean alignsRight) {}

  /// A column of words.
  public TextTable left(String title) {
    columns.add(new Column(title, false));
    return this;
  }

  /// A column of figures.
  public TextTable right(String title) {
    columns.add(new Column(title, true));
    return this;
  }

  /// @param cells one per column
  public TextTable row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "cells differ from columns: expected=" + columns.size() + ", actual=" + cells.length);
    }
    rows.add(List.of(cells));
    return this;
  }

  /// All lines, each ended by a line feed, none with blanks at its end.
  public String format() {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    appendLine(text, columns.stream().map(Column::title).toList(), widths);
    appendLine(text, rules(widths), widths);
    rows.forEach(row -> appendLine(text, row, widths));
    return text.toString();
  }

  /// The same as a table of Markdown. Cells must not hold `|`.
  public String markdown() {
    StringBuilder text = new StringBuilder();
    appendMarkdown(text, columns.stream().map(Column::title).toList());
    appendMarkdown(
        text, columns.stream().map(column -> column.alignsRight() ? "---:" : "---").toList());
    rows.forEach(row -> appendMarkdown(text, row));
    return text.toString();
  }

  private static void appendMarkdown(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(columns.get(column).title());
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    return widths;
  }

  private static List<String> rules(int[] widths) {
    List<String> rules = new ArrayList<>();
    for (int width : widths) {
      rules.add("-".repeat(width));
    }
    return rules;
  }

  private void appendLine(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - width(cell));
      line.append(column == 0 ? "" : GAP);
      line.append(columns.get(column).alignsRight() ? padding + cell : cell + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /// Characters, not UTF-16 units.
  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
