package dev.sluice.cli;

import dev.sluice.audit.Bridge;
import dev.sluice.audit.TimeBooks;
import dev.sluice.report.Figures;

/// The way from promised to measured time, an item a line: each bar begins where the one before ended.
record HtmlWaterfall(HtmlBars page, AuditTimeText text) {
  void add() {
    TimeBooks time = text.time();
    Bridge bridge = time.bridge();
    page.section("From promised to measured time of a row, ns")
        .note(
            "Promised: the dense twin's "
                + text.figure(time.denseNanos())
                + " ns over "
                + Figures.times(time.promisedSpeedUp())
                + ". Each item is what it took beyond its promised share of the twin's time.");
    double widest = widest(bridge);
    page.step(
        "promised",
        text.figure(bridge.promisedNanos()),
        HtmlBars.Colour.DENSE,
        0,
        bridge.promisedNanos() / widest);
    double reached = bridge.promisedNanos();
    for (Bridge.Item item : bridge.items()) {
      if (AuditTimeText.isThere(item)) {
        double next = reached + item.differenceNanos();
        HtmlBars.Colour colour = next > reached ? HtmlBars.Colour.SLOWER : HtmlBars.Colour.QUICKER;
        page.step(
            AuditTimeText.words(item),
            text.signed(item.differenceNanos()),
            colour,
            Math.max(0, Math.min(reached, next)) / widest,
            Math.abs(next - reached) / widest);
        reached = next;
      }
    }
    page.step(
        "measured", text.figure(time.nanos()), HtmlBars.Colour.PANEL, 0, time.nanos() / widest);
  }

  private static double widest(Bridge bridge) {
    double reached = bridge.promisedNanos();
    double widest = reached;
    for (Bridge.Item item : bridge.items()) {
      reached += item.differenceNanos();
      widest = Math.max(widest, reached);
    }
    return widest;
  }
}
