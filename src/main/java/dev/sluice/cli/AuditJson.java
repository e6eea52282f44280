package dev.sluice.cli;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.BatchAudit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.audit.HardwareCount;
import dev.sluice.audit.TimeBooks;
import dev.sluice.model.ModelSpec;
import dev.sluice.report.JsonText;
import dev.sluice.runtime.PublishedMacs;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// An [AuditText] for machines: every key is there, `null` where it does not apply.
record AuditJson(AuditText text) {
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

    long repeatedMacs() {
      return entries.stream().mapToLong(entry -> entry.measured().repeatedMacs()).sum();
    }

    long weightBytes() {
      return entries.stream().mapToLong(entry -> entry.measured().weightBytes()).sum();
    }

    boolean isBalanced() {
      return entries.stream().allMatch(BookEntry::isBalanced);
    }
  }

  private List<Layer> layers(Books books) {
    ModelSpec spec = text.model().spec();
    return IntStream.range(0, spec.layers().size())
        .mapToObj(
            index ->
                new Layer(
                    index,
                    AuditText.shape(spec, index),
                    books.entries().stream().filter(entry -> entry.layer() == index).toList()))
        .toList();
  }

  JsonText document() {
    Audit audit = text.audit();
    JsonText document =
        JsonText.object()
            .put("balanced", text.isBalanced())
            .put("rows", audit.rows())
            .put("budget", text.budget())
            .put("zeroSkipping", text.zeroSkipping().text())
            .put("denseMacs", audit.denseMacs() * audit.rows())
            .put("structuralMacs", audit.promised().structuralMacs())
            .put("relativeMacs", audit.relativeMacs())
            .put("publishedMacs", json(audit.published()));
    put(document, audit.books(), audit.promised());
    BatchAudit batch = audit.batch();
    put(document, "batch", batch == null ? null : json(batch));
    TimeBooks time = audit.time();
    put(document, "time", time == null ? null : new AuditTimeText(text.model(), time).json());
    putHardware(document, audit.hardware());
    document.putNull("training");
    return text.training().addTo(document);
  }

  private static void put(JsonText document, String key, @Nullable JsonText value) {
    if (value == null) {
      document.putNull(key);
    } else {
      document.put(key, value);
    }
  }

  private static JsonText json(PublishedMacs published) {
    return JsonText.object()
        .put("bothSided", published.bothSided())
        .put("inputSided", published.inputSided())
        .put("lastLayerSided", published.lastLayerSided());
  }

  private void put(JsonText object, Books books, MacCount promised) {
    List<Layer> layers = layers(books);
    object
        .put("promisedMacs", promised.executedMacs())
        .put("measuredMacs", layers.stream().mapToLong(Layer::measuredMacs).sum())
        .put("paddingMacs", promised.paddingMacs())
        .put("unattributedMacs", books.unattributedMacs())
        .put("weightBytes", layers.stream().mapToLong(Layer::weightBytes).sum())
        .putObjects("layers", layers, AuditJson::describe);
  }

  private JsonText json(BatchAudit batch) {
    JsonText object =
        JsonText.object()
            .put("batchRows", batch.batchRows())
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
        .put("repeatedMacs", layer.repeatedMacs())
        .put("flops", layer.flops())
        .put("weightBytes", layer.weightBytes())
        .putObjects(
            "kinds",
            layer.entries(),
            (entry, kind) ->
                kind.put("kind", AuditText.kindText(entry.kind()))
                    .put("balanced", entry.isBalanced())
                    .put("promisedMacs", entry.promisedMacs())
                    .put("measuredMacs", entry.measured().macs())
                    .put("paddingMacs", entry.paddingMacs())
                    .put("repeatedMacs", entry.measured().repeatedMacs())
                    .put("fixedFlops", entry.measured().fixedFlops())
                    .put("flops", entry.measured().flops())
                    .put("weightBytes", entry.measured().weightBytes()));
  }

  private static void putHardware(JsonText document, @Nullable HardwareCount count) {
    if (count == null || !count.isMeasured()) {
      document.put("hardware", AuditText.NOT_MEASURED);
      document.put("hardwareReason", count == null ? "not asked for" : count.reason());
      return;
    }
    document.put(
        "hardware",
        JsonText.object()
            .put("rows", count.rows())
            .put("measuredFlops", count.measuredFlops())
            .put("meteredFlops", count.meteredFlops())
            .put("ratio", count.ratio()));
    document.putNull("hardwareReason");
  }
}
