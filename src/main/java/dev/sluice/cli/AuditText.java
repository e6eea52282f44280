package dev.sluice.cli;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.TimeBooks;
import dev.sluice.audit.TimePart;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// An [Audit] for people and for machines. MACs are sums over its rows.
record AuditText(Model model, Audit audit) {
  /// A layer's entries of all kinds.
  private record Layer(int index, String shape, List<BookEntry> entries) {
    long promisedMacs() {
      return entries.stream().mapToLong(BookEntry::promisedMacs).sum();
    }

    long paddingMacs() {
      return entries.stream().mapToLong(BookEntry::paddingMacs).sum();
    }

    long measuredMacs() {
      return entries.stream().mapToLong(entry -> entry.measured().macs()).sum();
    }

    long flops() {
      return entries.stream().mapToLong(entry -> entry.measured().flops()).sum();
    }

    long weightBytes() {
      return entries.stream().mapToLong(entry -> entry.measured().weightBytes()).sum();
    }

    boolean isBalanced() {
      return entries.stream().allMatch(BookEntry::isBalanced);
    }
  }

  static String kindText(MacCount.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /// Inputs and units: `784→512`.
  static String shape(ModelSpec spec, int layer) {
    return spec.layerInputs(layer) + "→" + spec.layers().get(layer).units();
  }

  private List<Layer> layers() {
    ModelSpec spec = model.spec();
    return IntStream.range(0, spec.layers().size())
        .mapToObj(
            index ->
                new Layer(
                    index,
                    shape(spec, index),
                    audit.books().entries().stream()
                        .filter(entry -> entry.layer() == index)
                        .toList()))
        .toList();
  }

  JsonText json() {
    JsonText document =
        JsonText.object()
            .put("balanced", audit.books().isBalanced())
            .put("rows", audit.rows())
            .put("promisedMacs", audit.promised().executedMacs())
            .put("measuredMacs", layers().stream().mapToLong(Layer::measuredMacs).sum())
            .put("paddingMacs", audit.promised().paddingMacs())
            .put("unattributedMacs", audit.books().unattributedMacs())
            .put("structuralMacs", audit.promised().structuralMacs())
            .put("denseMacs", audit.denseMacs() * audit.rows())
            .put("relativeMacs", audit.relativeMacs())
            .put("weightBytes", layers().stream().mapToLong(Layer::weightBytes).sum())
            .put("hardware", "not measured")
            .putObjects("layers", layers(), AuditText::describe);
    TimeBooks time = audit.time();
    return time == null ? document : document.put("time", json(time));
  }

  private static void describe(Layer layer, JsonText object) {
    object
        .put("shape", layer.shape())
        .put("balanced", layer.isBalanced())
        .put("promisedMacs", layer.promisedMacs())
        .put("measuredMacs", layer.measuredMacs())
        .put("paddingMacs", layer.paddingMacs())
        .put("flops", layer.flops())
        .put("weightBytes", layer.weightBytes())
        .putObjects(
            "kinds",
            layer.entries(),
            (entry, kind) ->
                kind.put("kind", kindText(entry.kind()))
                    .put("balanced", entry.isBalanced())
                    .put("promisedMacs", entry.promisedMacs())
                    .put("measuredMacs", entry.measured().macs())
                    .put("paddingMacs", entry.paddingMacs())
                    .put("fixedFlops", entry.measured().fixedFlops())
                    .put("flops", entry.measured().flops())
                    .put("weightBytes", entry.measured().weightBytes()));
  }

  private static JsonText json(TimeBooks time) {
    JsonText parts = JsonText.object();
    time.parts().forEach((part, nanos) -> parts.put(part.text(), nanos));
    return JsonText.object()
        .put("nanos", time.nanos())
        .put("denseNanos", time.denseNanos())
        .put("promisedSpeedUp", time.promisedSpeedUp())
        .put("measuredSpeedUp", time.measuredSpeedUp())
        .put("sumOfPartsNanos", time.sumOfParts())
        .put("addsUp", time.addsUp())
        .put("partNanos", parts);
  }

  String text() {
    TimeBooks time = audit.time();
    return "rows          "
        + Figures.count(audit.rows())
        + "\nbooks         "
        + (audit.books().isBalanced() ? "balance: measured = promised + padding" : "do not balance")
        + "\nrelative MACs "
        + Figures.share(audit.relativeMacs())
        + "\n\n"
        + table().format()
        + (time == null ? "" : "\n" + text(time));
  }

  private TextTable table() {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("kind")
            .right("promised MACs")
            .right("padding")
            .right("measured MACs")
            .right("ratio")
            .right("weights read")
            .left("books");
    for (BookEntry entry : audit.books().entries()) {
      long expected = entry.promisedMacs() + entry.paddingMacs();
      double ratio = expected == 0 ? Double.NaN : (double) entry.measured().macs() / expected;
      table.row(
          shape(model.spec(), entry.layer()),
          kindText(entry.kind()),
          Figures.count(entry.promisedMacs()),
          Figures.count(entry.paddingMacs()),
          Figures.count(entry.measured().macs()),
          expected == 0 ? "–" : Figures.share(ratio),
          Figures.bytes(entry.measured().weightBytes()),
          entry.isBalanced() ? "balance" : "differ");
    }
    return table;
  }

  private static String text(TimeBooks time) {
    TextTable table = new TextTable().left("time of a row").right("mean").right("share");
    for (TimePart part : TimePart.values()) {
      double nanos = time.parts().getOrDefault(part, 0.0);
      table.row(words(part), Figures.micros(nanos), Figures.percent(nanos / time.sumOfParts()));
    }
    table.row("sum of parts", Figures.micros(time.sumOfParts()), "");
    table.row("measured whole", Figures.micros(time.nanos()), "");
    table.row("dense twin", Figures.micros(time.denseNanos()), "");
    return table.format()
        + "\nspeed-up over dense: promised "
        + Figures.times(time.promisedSpeedUp())
        + ", measured "
        + Figures.times(time.measuredSpeedUp())
        + (time.addsUp()
            ? ""
            : "\nthe parts miss the whole by more than "
                + Figures.percent(TimeBooks.TOLERANCE)
                + ": something else ran beside them")
        + "\n";
  }

  static String words(TimePart part) {
    return part.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
