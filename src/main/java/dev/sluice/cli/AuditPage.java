package dev.sluice.cli;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.BatchAudit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.audit.TimeBooks;
import dev.sluice.audit.TimePart;
import dev.sluice.report.Figures;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An [Audit] as a page of HTML that needs nothing else: per layer a stacked bar of measured MACs by kind, with padding, rows computed again and what gates, zeros and dead tiles
/// saved, and one of time; the way from promised to measured time; the tables.
record AuditPage(AuditText text) {
  private Audit audit() {
    return text.audit();
  }

  String html() {
    HtmlBars page = new HtmlBars("sluice audit");
    page.heading("sluice audit").note(text.model().spec().architecture() + ", " + rows());
    addVerdict(page);
    addFigures(page);
    addMacs(page, "MACs by layer, measured and skipped", audit().books(), audit().promised());
    BatchAudit batch = audit().batch();
    if (batch != null) {
      String title = "The same in batches of " + Figures.count(batch.batchRows()) + " rows";
      addMacs(page, title, batch.books(), batch.promised());
    }
    TimeBooks time = audit().time();
    if (time != null) {
      AuditTimeText timeText = new AuditTimeText(text.model(), time);
      addTimes(page, timeText);
      addBridge(page, timeText);
    }
    page.text("Tables", text.predictions());
    if (text.training().audit() != null) {
      page.text("Training", text.training().text().strip());
    }
    return page.end();
  }

  private String rows() {
    return "rows "
        + Figures.count(audit().rows())
        + ", weights "
        + text.model().precision().specName();
  }

  private void addVerdict(HtmlBars page) {
    if (text.isBalanced()) {
      page.verdict(true, "The books balance: what was measured is what was promised, and padding.");
    }
    for (String difference : text.differences()) {
      page.verdict(false, difference.replaceFirst("^b", "B"));
    }
    if (audit().time() != null && !audit().time().addsUp()) {
      page.verdict(false, "Times do not add up: " + AuditTimeText.missed());
    }
  }

  private void addFigures(HtmlBars page) {
    page.beginFigures();
    page.figure("relative MACs", Figures.share(audit().relativeMacs()));
    TimeBooks time = audit().time();
    if (time != null) {
      page.figure("promised speed-up", Figures.times(time.promisedSpeedUp()));
      page.figure("measured speed-up", Figures.times(time.measuredSpeedUp()));
      page.figure("a row", Figures.micros(time.nanos()));
      page.figure("a row, dense", Figures.micros(time.denseNanos()));
    }
    page.endFigures();
  }

  private void addMacs(HtmlBars page, String title, Books books, MacCount promised) {
    List<List<HtmlBars.Piece>> layers = new ArrayList<>();
    Set<HtmlBars.Colour> colours = EnumSet.noneOf(HtmlBars.Colour.class);
    for (int layer = 0; layer < text.model().spec().layers().size(); layer++) {
      List<HtmlBars.Piece> pieces = pieces(layer, books, promised);
      pieces.stream().filter(HtmlBars.Piece::isSeen).forEach(piece -> colours.add(piece.colour()));
      layers.add(pieces);
    }
    page.section(title).legend(colours);
    for (int layer = 0; layer < layers.size(); layer++) {
      List<HtmlBars.Piece> pieces = layers.get(layer);
      double sum = pieces.stream().mapToDouble(HtmlBars.Piece::value).sum();
      page.layer(
          AuditText.shape(text.model().spec(), layer),
          Figures.count(Math.round(sum)) + " MACs in " + Figures.count(audit().rows()) + " rows");
      page.bar(pieces, sum).shares(pieces, sum);
    }
  }

  private static List<HtmlBars.Piece> pieces(int layer, Books books, MacCount promised) {
    List<HtmlBars.Piece> pieces = new ArrayList<>();
    long repeated = 0;
    for (BookEntry entry : books.entries()) {
      if (entry.layer() == layer) {
        long units = entry.measured().macs() - entry.paddingMacs();
        pieces.add(new HtmlBars.Piece(colour(entry.kind()), units));
        repeated += entry.measured().repeatedMacs();
      }
    }
    long asZero = 0;
    for (MacCount.Kind kind : MacCount.Kind.values()) {
      asZero += promised.skippedAsZeroMacs(kind, layer);
    }
    pieces.add(new HtmlBars.Piece(HtmlBars.Colour.PADDING, promised.paddingMacs(layer)));
    pieces.add(new HtmlBars.Piece(HtmlBars.Colour.REPEATED, repeated));
    pieces.add(new HtmlBars.Piece(HtmlBars.Colour.BY_GATE, promised.skippedByGateMacs(layer)));
    pieces.add(new HtmlBars.Piece(HtmlBars.Colour.AS_ZERO, asZero));
    pieces.add(new HtmlBars.Piece(HtmlBars.Colour.AS_PRUNED, promised.skippedAsPrunedMacs(layer)));
    return pieces;
  }

  private static HtmlBars.Colour colour(MacCount.Kind kind) {
    return switch (kind) {
      case PANEL -> HtmlBars.Colour.PANEL;
      case GATE -> HtmlBars.Colour.GATE;
      case LIGHT -> HtmlBars.Colour.LIGHT;
      case EXIT -> HtmlBars.Colour.EXIT;
    };
  }

  private static HtmlBars.Colour colour(TimePart part) {
    return switch (part) {
      case PANELS -> HtmlBars.Colour.PANEL;
      case GATES -> HtmlBars.Colour.GATE;
      case LIGHT_PATHS -> HtmlBars.Colour.LIGHT;
      case EXITS -> HtmlBars.Colour.EXIT;
      case ACTIVATIONS -> HtmlBars.Colour.ACTIVATION;
      case ZERO_LISTS -> HtmlBars.Colour.LISTING;
      case GATE_DECISIONS -> HtmlBars.Colour.GATE_DECISION;
      case EXIT_DECISIONS -> HtmlBars.Colour.EXIT_DECISION;
      case MOVING -> HtmlBars.Colour.MOVING;
      case OUTPUT -> HtmlBars.Colour.OUTPUT;
      case CALLS -> HtmlBars.Colour.CALL;
    };
  }

  /// All bars on one scale, each with the dense twin's below where it has the same layers.
  private void addTimes(HtmlBars page, AuditTimeText timeText) {
    TimeBooks time = timeText.time();
    List<Map<TimePart, Double>> layers = time.parts().layers();
    double longest = time.parts().nanos(TimePart.CALLS);
    Set<HtmlBars.Colour> colours = EnumSet.noneOf(HtmlBars.Colour.class);
    for (int layer = 0; layer < layers.size(); layer++) {
      List<HtmlBars.Piece> pieces = pieces(layers.get(layer));
      pieces.stream().filter(HtmlBars.Piece::isSeen).forEach(piece -> colours.add(piece.colour()));
      longest = Math.max(longest, HtmlBars.seenSum(pieces));
      longest = Math.max(longest, dense(timeText, layer));
    }
    HtmlBars.Piece call =
        new HtmlBars.Piece(HtmlBars.Colour.CALL, time.parts().nanos(TimePart.CALLS));
    colours.add(HtmlBars.Colour.CALL);
    if (!text.model().spec().isStaged()) {
      colours.add(HtmlBars.Colour.DENSE);
    }
    page.section("Time of a row by layer").legend(colours);
    for (int layer = 0; layer < layers.size(); layer++) {
      String nanos = timeText.figure(time.parts().layerNanos(layer)) + " ns";
      double dense = dense(timeText, layer);
      page.row(
          AuditText.shape(text.model().spec(), layer),
          dense == 0 ? nanos : nanos + ", dense " + timeText.figure(dense) + " ns");
      page.bar(pieces(layers.get(layer)), longest);
      page.thinBar(new HtmlBars.Piece(HtmlBars.Colour.DENSE, dense), longest);
    }
    page.row("call", timeText.figure(call.value()) + " ns").bar(List.of(call), longest);
  }

  private static double dense(AuditTimeText timeText, int layer) {
    double nanos = timeText.denseNanos(layer);
    return Double.isNaN(nanos) ? 0 : nanos;
  }

  private static List<HtmlBars.Piece> pieces(Map<TimePart, Double> parts) {
    List<HtmlBars.Piece> pieces = new ArrayList<>();
    parts.forEach((part, nanos) -> pieces.add(new HtmlBars.Piece(colour(part), nanos)));
    return pieces;
  }

  private static void addBridge(HtmlBars page, AuditTimeText timeText) {
    new HtmlWaterfall(page, timeText).add();
  }
}
