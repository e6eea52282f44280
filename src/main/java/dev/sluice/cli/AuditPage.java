package dev.sluice.cli;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.TimeBooks;
import dev.sluice.audit.TimePart;
import dev.sluice.model.Model;
import dev.sluice.report.Figures;
import java.util.ArrayList;
import java.util.List;

/// An [Audit] as a page of HTML: a stacked bar for each layer, of measured MACs by kind, with padding and what gates, zeros and dead tiles saved; one for the time
/// of a row.
record AuditPage(Model model, Audit audit) {
  private static final String STYLE =
      """
      body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 60em; color: #222 }
      .bar { display: flex; height: 1.6em; margin: .2em 0 1em; background: #eee }
      .bar span { display: block; height: 100% }
      .key span { display: inline-block; width: 1em; height: 1em; vertical-align: -.15em }
      .bad { color: #b00020; font-weight: bold }
      pre { overflow-x: auto }
      """;

  private record Piece(String name, String colour, double value) {}

  String html() {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>sluice audit</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>sluice audit</h1>\n");
    appendVerdict(page);
    for (int layer = 0; layer < model.spec().layers().size(); layer++) {
      page.append("<h3>").append(AuditText.shape(model.spec(), layer)).append("</h3>\n");
      appendBar(page, pieces(layer));
    }
    TimeBooks time = audit.time();
    if (time != null) {
      page.append("<h2>Time of a row</h2>\n");
      appendBar(page, pieces(time));
    }
    page.append("<pre>").append(escaped(new AuditText(model, audit).text())).append("</pre>\n");
    return page.append("</body></html>\n").toString();
  }

  private void appendVerdict(StringBuilder page) {
    if (audit.books().isBalanced()) {
      page.append(
          "<p>The books balance: what was measured is what was promised, and padding.</p>\n");
      return;
    }
    for (String difference : audit.books().differences()) {
      page.append("<p class=\"bad\">Books do not balance: ")
          .append(escaped(difference))
          .append("</p>\n");
    }
  }

  private List<Piece> pieces(int layer) {
    List<Piece> pieces = new ArrayList<>();
    for (BookEntry entry : audit.books().entries()) {
      if (entry.layer() == layer) {
        long units = entry.measured().macs() - entry.paddingMacs();
        pieces.add(new Piece(AuditText.kindText(entry.kind()), colour(entry.kind()), units));
      }
    }
    MacCount promised = audit.promised();
    pieces.add(new Piece("padding", "#7f7f7f", promised.paddingMacs(layer)));
    long asZero = 0;
    for (MacCount.Kind kind : MacCount.Kind.values()) {
      asZero += promised.skippedAsZeroMacs(kind, layer);
    }
    pieces.add(new Piece("skipped as zero", "#cfe3f5", asZero));
    pieces.add(new Piece("skipped as pruned", "#e3d5ef", promised.skippedAsPrunedMacs(layer)));
    pieces.add(new Piece("skipped by gate", "#e6e6e6", promised.skippedByGateMacs(layer)));
    return pieces;
  }

  private static String colour(MacCount.Kind kind) {
    return switch (kind) {
      case PANEL -> "#1f77b4";
      case GATE -> "#ff7f0e";
      case LIGHT -> "#2ca02c";
      case EXIT -> "#d62728";
    };
  }

  private static List<Piece> pieces(TimeBooks time) {
    String[] colours = {
      "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#17becf", "#7f7f7f"
    };
    List<Piece> pieces = new ArrayList<>();
    for (TimePart part : TimePart.values()) {
      double nanos = time.parts().getOrDefault(part, 0.0);
      pieces.add(new Piece(AuditText.words(part), colours[part.ordinal()], nanos));
    }
    return pieces;
  }

  /// Pieces as shares of their sum, and a key that says how large they are.
  private static void appendBar(StringBuilder page, List<Piece> pieces) {
    double sum = pieces.stream().mapToDouble(Piece::value).sum();
    page.append("<div class=\"bar\">");
    StringBuilder key = new StringBuilder("<p class=\"key\">");
    for (Piece piece : pieces) {
      if (piece.value() > 0) {
        double percent = 100 * piece.value() / sum;
        page.append(
            "<span style=\"width:%s%%;background:%s\"></span>".formatted(percent, piece.colour()));
        key.append(
            "<span style=\"background:%s\"></span> %s %s (%s) &nbsp; "
                .formatted(
                    piece.colour(),
                    piece.name(),
                    Figures.meanCount(piece.value()),
                    Figures.percent(piece.value() / sum)));
      }
    }
    page.append("</div>\n").append(key).append("</p>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
