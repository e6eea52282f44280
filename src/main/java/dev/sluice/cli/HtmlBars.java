package dev.sluice.cli;

import dev.sluice.report.Figures;
import java.util.List;
import java.util.Locale;

/// A page of HTML made of bars: no scripts, no other files, light or dark as the reader has it. All texts given to it are escaped.
final class HtmlBars {
  /// What a piece stands for; its style is in the page's.
  enum Colour {
    PANEL("panels", "#3d6fb4", "#6c9bdc"),
    GATE("gates", "#d9822b", "#e59a4e"),
    LIGHT("light paths", "#2f9470", "#4fb892"),
    EXIT("halting units", "#b0456f", "#d4759b"),
    PADDING("padding", "#80868f", "#9aa1ab"),
    REPEATED("rows repeated", "#a3703c", "#c08f5c"),
    BY_GATE("skipped by gate", "#e4e7eb", "#30353c"),
    AS_ZERO("skipped as zero", "#c3d9f0", "#2d4661"),
    AS_PRUNED("skipped as pruned", "#dccbea", "#4a3a5c"),
    ACTIVATION("activations", "#8460b8", "#a88ad6"),
    LISTING("listing of non-zeros", "#2796a6", "#48b8c8"),
    GATE_DECISION("decisions of gates", "#c9a400", "#dcbf3c"),
    EXIT_DECISION("decisions of exits", "#d58aa8", "#e0a3bc"),
    MOVING("moving and mixing", "#7a6a58", "#a8957f"),
    OUTPUT("softmax or sigmoid", "#6f8f2f", "#9cbd58"),
    CALL("call", "#80868f", "#9aa1ab"),
    DENSE("dense twin", "#b9c0c9", "#545b65"),
    SLOWER("slower", "#c0392b", "#e06a5e"),
    QUICKER("quicker", "#2e8b57", "#57b881");

    private final String words;
    private final String light;
    private final String dark;

    Colour(String words, String light, String dark) {
      this.words = words;
      this.light = light;
      this.dark = dark;
    }

    private String style() {
      return "c-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// A part of a bar; nothing is seen of 0 and less.
  record Piece(Colour colour, double value) {
    boolean isSeen() {
      return value > 0;
    }
  }

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1d2127; --dim: #5d656f; --page: #fff; --track: #f1f3f5; --line: #d9dde2; --good: #1e7b4a; --bad: #b3261e }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --dim: #a0a8b2; --page: #15181c; --track: #22262b; --line: #363c44; --good: #6cc694; --bad: #f08a80 } }
      * { box-sizing: border-box }
      body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.2rem; max-width: 58rem; color: var(--ink); background: var(--page) }
      h1 { font-size: 1.5rem; margin: 0 }
      h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line) }
      h3, .row { font-size: .95rem; font-weight: 600; margin: 1rem 0 .25rem; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem }
      h3 small, .row small { font-size: .85rem; font-weight: 400; color: var(--dim); font-variant-numeric: tabular-nums }
      .note { color: var(--dim); font-size: .9rem; margin: .2rem 0 .8rem; overflow-wrap: anywhere }
      .verdict { padding: .6rem .8rem; border-left: .3rem solid; background: var(--track); margin: .6rem 0; overflow-wrap: anywhere }
      .good { border-color: var(--good) }
      .bad { border-color: var(--bad); color: var(--bad); font-weight: 600 }
      .figures { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0 }
      .figures div { flex: 1 1 10rem; padding: .5rem .8rem; border: 1px solid var(--line); border-radius: .4rem }
      .figures b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums }
      .figures span { font-size: .85rem; color: var(--dim) }
      .bar { display: flex; height: 1.5rem; background: var(--track); border-radius: .2rem; overflow: hidden }
      .bar i, .thin i { display: block; height: 100%; flex: none }
      .thin { height: .4rem; margin-top: .15rem }
      ul { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .35rem 0 0; padding: 0; font-size: .85rem; color: var(--dim); font-variant-numeric: tabular-nums }
      li i { display: inline-block; width: .8em; height: .8em; margin-right: .35em; border-radius: .15em; vertical-align: -.05em; border: 1px solid var(--line) }
      .step { display: grid; grid-template-columns: 13rem 1fr 5rem; gap: .7rem; align-items: center; font-size: .9rem; margin: .15rem 0 }
      .step div { position: relative; height: 1.1rem; background: var(--track); border-radius: .2rem }
      .step i { position: absolute; height: 100%; min-width: 2px; border-radius: .1rem }
      .step b { text-align: right; font-weight: 400; font-variant-numeric: tabular-nums; white-space: nowrap }
      .step.end { font-weight: 600 } .step.end b { font-weight: 600 }
      @media (max-width: 36rem) { .step { grid-template-columns: 1fr auto; gap: 0 .7rem; margin: .5rem 0 } .step div { grid-row: 2; grid-column: 1 / 3 } }
      pre { overflow-x: auto; font: 13px/1.45 ui-monospace, monospace; background: var(--track); padding: .8rem; border-radius: .4rem }
      """;

  private final StringBuilder page = new StringBuilder();

  HtmlBars(String title) {
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>")
        .append(escaped(title))
        .append("</title>\n<style>\n")
        .append(STYLE);
    for (Colour colour : Colour.values()) {
      page.append(".").append(colour.style()).append(" { background: ").append(colour.light);
      page.append(" }\n");
    }
    page.append("@media (prefers-color-scheme: dark) {\n");
    for (Colour colour : Colour.values()) {
      page.append(".").append(colour.style()).append(" { background: ").append(colour.dark);
      page.append(" }\n");
    }
    page.append("}\n</style></head><body>\n");
  }

  HtmlBars heading(String text) {
    page.append("<h1>").append(escaped(text)).append("</h1>\n");
    return this;
  }

  HtmlBars note(String text) {
    page.append("<p class=\"note\">").append(escaped(text)).append("</p>\n");
    return this;
  }

  HtmlBars section(String text) {
    page.append("<h2>").append(escaped(text)).append("</h2>\n");
    return this;
  }

  HtmlBars verdict(boolean isGood, String text) {
    page.append("<p class=\"verdict ").append(isGood ? "good" : "bad").append("\">");
    page.append(escaped(text)).append("</p>\n");
    return this;
  }

  HtmlBars beginFigures() {
    page.append("<div class=\"figures\">\n");
    return this;
  }

  HtmlBars figure(String name, String value) {
    page.append("<div><b>").append(escaped(value)).append("</b><span>");
    page.append(escaped(name)).append("</span></div>\n");
    return this;
  }

  HtmlBars endFigures() {
    page.append("</div>\n");
    return this;
  }

  HtmlBars layer(String name, String detail) {
    return titled("h3", "", name, detail);
  }

  HtmlBars row(String name, String detail) {
    return titled("div", " class=\"row\"", name, detail);
  }

  private HtmlBars titled(String tag, String attribute, String name, String detail) {
    page.append("<").append(tag).append(attribute).append(">").append(escaped(name));
    page.append("<small>").append(escaped(detail)).append("</small></").append(tag).append(">\n");
    return this;
  }

  HtmlBars legend(Iterable<Colour> colours) {
    page.append("<ul>");
    for (Colour colour : colours) {
      page.append(swatch(colour)).append("</li>");
    }
    page.append("</ul>\n");
    return this;
  }

  private static String swatch(Colour colour) {
    return "<li><i class=\"" + colour.style() + "\"></i>" + escaped(colour.words);
  }

  /// @param full what the whole width stands for
  HtmlBars bar(List<Piece> pieces, double full) {
    page.append("<div class=\"bar\">");
    pieces.forEach(piece -> append(piece, full));
    page.append("</div>\n");
    return this;
  }

  HtmlBars thinBar(Piece piece, double full) {
    if (piece.isSeen()) {
      page.append("<div class=\"thin\">");
      append(piece, full);
      page.append("</div>\n");
    }
    return this;
  }

  private void append(Piece piece, double full) {
    if (piece.isSeen()) {
      page.append("<i class=\"").append(piece.colour.style()).append("\" style=\"width:");
      page.append(percent(piece.value / full)).append("\" title=\"");
      page.append(escaped(piece.colour.words)).append("\"></i>");
    }
  }

  /// What there is to see, with its share.
  HtmlBars shares(List<Piece> pieces, double sum) {
    page.append("<ul>");
    for (Piece piece : pieces) {
      if (piece.isSeen()) {
        page.append(swatch(piece.colour)).append(" ");
        page.append(Figures.percent(piece.value / sum)).append("</li>");
      }
    }
    page.append("</ul>\n");
    return this;
  }

  /// A line of a waterfall.
  ///
  /// @param from where its bar begins, of the whole width
  /// @param width of the bar, the same
  HtmlBars step(String name, String value, Colour colour, double from, double width) {
    boolean isEnd = colour != Colour.SLOWER && colour != Colour.QUICKER;
    page.append("<div class=\"step").append(isEnd ? " end" : "").append("\"><span>");
    page.append(escaped(name)).append("</span><div><i class=\"").append(colour.style());
    page.append("\" style=\"left:").append(percent(from)).append(";width:").append(percent(width));
    page.append("\"></i></div><b>").append(escaped(value)).append("</b></div>\n");
    return this;
  }

  HtmlBars text(String title, String text) {
    section(title);
    page.append("<pre>").append(escaped(text)).append("</pre>\n");
    return this;
  }

  String end() {
    return page.append("</body></html>\n").toString();
  }

  static double seenSum(List<Piece> pieces) {
    return pieces.stream().filter(Piece::isSeen).mapToDouble(Piece::value).sum();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3f%%", 100 * share);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
