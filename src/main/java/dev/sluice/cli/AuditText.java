package dev.sluice.cli;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.BatchAudit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.audit.HardwareCount;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import dev.sluice.runtime.PublishedMacs;
import dev.sluice.runtime.ZeroSkipping;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// An [Audit] for people and for machines. MACs are sums over its rows.
///
/// @param budget as it was given
record AuditText(Model model, Audit audit, String budget, ZeroSkipping zeroSkipping) {
  static final String NOT_MEASURED = "not measured";

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

  private List<Layer> layers(Books books) {
    ModelSpec spec = model.spec();
    return IntStream.range(0, spec.layers().size())
        .mapToObj(
            index ->
                new Layer(
                    index,
                    shape(spec, index),
                    books.entries().stream().filter(entry -> entry.layer() == index).toList()))
        .toList();
  }

  JsonText json() {
    JsonText document =
        JsonText.object()
            .put("balanced", audit.isBalanced())
            .put("rows", audit.rows())
            .put("budget", budget)
            .put("zeroSkipping", zeroSkipping.text())
            .put("denseMacs", audit.denseMacs() * audit.rows())
            .put("structuralMacs", audit.promised().structuralMacs())
            .put("relativeMacs", audit.relativeMacs())
            .put("publishedMacs", json(audit.published()));
    put(document, audit.books(), audit.promised());
    if (audit.batch() != null) {
      document.put("batch", json(audit.batch()));
    }
    if (audit.time() != null) {
      document.put("time", new AuditTimeText(model, audit.time()).json());
    }
    putHardware(document);
    return document;
  }

  private static JsonText json(PublishedMacs published) {
    return JsonText.object()
        .put("bothSided", published.bothSided())
        .put("inputSided", published.inputSided())
        .put("lastLayer", published.lastLayer());
  }

  private void put(JsonText object, Books books, MacCount promised) {
    List<Layer> layers = layers(books);
    object
        .put("promisedMacs", promised.executedMacs())
        .put("measuredMacs", layers.stream().mapToLong(Layer::measuredMacs).sum())
        .put("paddingMacs", promised.paddingMacs())
        .put("unattributedMacs", books.unattributedMacs())
        .put("weightBytes", layers.stream().mapToLong(Layer::weightBytes).sum())
        .putObjects("layers", layers, AuditText::describe);
  }

  private JsonText json(BatchAudit batch) {
    JsonText object =
        JsonText.object()
            .put("rows", batch.batchRows())
            .put("balanced", batch.books().isBalanced())
            .put("structuralMacs", batch.structural().structuralMacs());
    put(object, batch.books(), batch.promised());
    return object;
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

  private void putHardware(JsonText document) {
    HardwareCount count = audit.hardware();
    if (count == null || !count.isMeasured()) {
      document.put("hardware", NOT_MEASURED);
      document.put("hardwareReason", count == null ? "not asked for" : count.reason());
      return;
    }
    document.put(
        "hardware",
        JsonText.object()
            .put("rows", count.rows())
            .put("measuredFlops", count.measuredFlops())
            .put("accountFlops", count.accountFlops())
            .put("ratio", count.ratio()));
  }

  String text() {
    StringBuilder text = new StringBuilder(head());
    text.append('\n').append(table(audit.books()).format());
    BatchAudit batch = audit.batch();
    if (batch != null) {
      text.append("\nin batches of ")
          .append(Figures.count(batch.batchRows()))
          .append(" rows, which read what is closed as zeros; structural MACs as one by one\n\n")
          .append(table(batch.books()).format());
    }
    if (audit.time() != null) {
      text.append('\n').append(new AuditTimeText(model, audit.time()).text());
    }
    return text.toString();
  }

  /// What holds for the rows as a whole.
  private String head() {
    StringBuilder head = new StringBuilder();
    append(head, "rows", Figures.count(audit.rows()));
    append(
        head,
        "books",
        audit.isBalanced() ? "balance: measured = promised + padding" : "do not balance");
    append(head, "relative MACs", Figures.share(audit.relativeMacs()));
    if (!model.spec().isStaged()) {
      append(head, "as published", published());
    }
    if (!budget.equals("none")) {
      append(head, "budget", budget);
    }
    append(head, "zero skipping", zeroSkipping.text());
    if (audit.hardware() != null) {
      append(head, "hardware", hardware(audit.hardware()));
    }
    return head.toString();
  }

  private static void append(StringBuilder head, String name, String value) {
    head.append("%-13s %s%n".formatted(name, value).replace("\r\n", "\n"));
  }

  private String published() {
    PublishedMacs published = audit.published();
    return "both-sided "
        + Figures.share(published.bothSided())
        + ", input-sided "
        + Figures.share(published.inputSided())
        + ", last layer "
        + Figures.share(published.lastLayer())
        + ": without gates' own";
  }

  private static String hardware(HardwareCount count) {
    return count.isMeasured()
        ? Figures.count(count.measuredFlops())
            + " FLOPs measured, products "
            + Figures.count(count.accountFlops())
            + ", ratio "
            + Figures.share(count.ratio())
        : NOT_MEASURED + ": " + count.reason();
  }

  private TextTable table(Books books) {
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
    for (BookEntry entry : books.entries()) {
      long expected = entry.promisedMacs() + entry.paddingMacs();
      double ratio = expected == 0 ? Double.NaN : (double) entry.measured().macs() / expected;
      table.row(
          shape(model.spec(), entry.layer()),
          kindText(entry.kind()),
          Figures.count(entry.promisedMacs()),
          Figures.count(entry.paddingMacs()),
          Figures.count(entry.measured().macs()),
          Figures.share(ratio),
          Figures.bytes(entry.measured().weightBytes()),
          entry.isBalanced() ? "balance" : "differ");
    }
    return table;
  }
}
