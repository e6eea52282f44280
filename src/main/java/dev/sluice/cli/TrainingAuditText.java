package dev.sluice.cli;

import dev.sluice.account.StepMacs;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.TrainingAudit;
import dev.sluice.kernel.meter.ElementwiseKind;
import dev.sluice.model.Model;
import dev.sluice.report.ConstantNames;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A [TrainingAudit] for people and for machines, as a part of a larger one. MACs are sums over its steps.
///
/// @param audit null if no step was trained: nothing to say then
record TrainingAuditText(Model model, @Nullable TrainingAudit audit) {
  /// Some entries together.
  private record Sum(List<BookEntry> entries) {
    void describe(JsonText object) {
      object
          .put("balanced", entries.stream().allMatch(BookEntry::isBalanced))
          .put("promisedMacs", entries.stream().mapToLong(BookEntry::promisedMacs).sum())
          .put("measuredMacs", entries.stream().mapToLong(e -> e.measured().macs()).sum())
          .put("paddingMacs", entries.stream().mapToLong(BookEntry::paddingMacs).sum())
          .put("repeatedMacs", entries.stream().mapToLong(e -> e.measured().repeatedMacs()).sum());
    }

    Sum of(Predicate<BookEntry> wanted) {
      return new Sum(entries.stream().filter(wanted).toList());
    }
  }

  static TrainingAuditText none(Model model) {
    return new TrainingAuditText(model, null);
  }

  boolean isBalanced() {
    return audit == null || audit.isBalanced();
  }

  List<String> differences() {
    return audit == null ? List.of() : audit.differences();
  }

  /// Adds a member `training`, if there is anything to say.
  JsonText addTo(JsonText document) {
    return audit == null ? document : document.put("training", json(audit));
  }

  private JsonText json(TrainingAudit audited) {
    Sum all = new Sum(audited.books().entries());
    JsonText document = JsonText.object();
    all.describe(document);
    JsonText others = JsonText.object();
    audited.elementFlops().forEach((kind, flops) -> others.put(ConstantNames.key(kind), flops));
    return document
        .put("balanced", audited.isBalanced())
        .put("steps", audited.steps())
        .put("rows", audited.rows())
        .put("unattributedMacs", audited.books().unattributedMacs())
        .put("otherFlops", audited.otherFlops())
        .put("otherFlopsByKind", others)
        .putObjects("passes", List.of(StepMacs.Pass.values()), (pass, out) -> put(all, pass, out))
        .putObjects("layers", layers(), (layer, out) -> put(all, layer, out));
  }

  private List<Integer> layers() {
    return IntStream.range(0, model.spec().layers().size()).boxed().toList();
  }

  private static void put(Sum sum, StepMacs.Pass pass, JsonText object) {
    sum.of(entry -> entry.pass() == pass).describe(object.put("pass", ConstantNames.key(pass)));
  }

  private void put(Sum all, int layer, JsonText object) {
    Sum own = all.of(entry -> entry.layer() == layer);
    own.describe(object.put("shape", AuditText.shape(model.spec(), layer)));
    object.putObjects(
        "passes",
        List.of(StepMacs.Pass.values()),
        (pass, out) -> {
          put(own, pass, out);
          Sum ofPass = own.of(entry -> entry.pass() == pass);
          out.putObjects(
              "kinds",
              ofPass.entries,
              (entry, kind) ->
                  new Sum(List.of(entry))
                      .describe(kind.put("kind", AuditText.kindText(entry.kind()))));
        });
  }

  /// Empty if there is nothing to say.
  String text() {
    if (audit == null) {
      return "";
    }
    return "\ntraining      "
        + Figures.count(audit.steps())
        + " steps of "
        + Figures.count(audit.rows())
        + " rows in all"
        + "\nbooks         "
        + (audit.isBalanced() ? "balance: measured = promised + padding" : "do not balance")
        + "\n\n"
        + table(audit).format()
        + "\nof no product: "
        + Figures.count(audit.otherFlops())
        + " operations ("
        + Arrays.stream(ElementwiseKind.values())
            .map(kind -> ConstantNames.words(kind) + " " + Figures.count(flops(audit, kind)))
            .collect(Collectors.joining(", "))
        + ")\n";
  }

  private static long flops(TrainingAudit audited, ElementwiseKind kind) {
    return audited.elementFlops().getOrDefault(kind, 0L);
  }

  private TextTable table(TrainingAudit audited) {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("kind")
            .left("pass")
            .right("promised MACs")
            .right("padding")
            .right("measured MACs")
            .right("repeated")
            .left("books");
    for (int layer : layers()) {
      for (BookEntry entry : audited.books().entries()) {
        if (entry.layer() == layer) {
          table.row(
              AuditText.shape(model.spec(), layer),
              AuditText.kindText(entry.kind()),
              ConstantNames.words(entry.pass()),
              Figures.count(entry.promisedMacs()),
              Figures.count(entry.paddingMacs()),
              Figures.count(entry.measured().macs()),
              Figures.count(entry.measured().repeatedMacs()),
              entry.isBalanced() ? "balance" : "differ");
        }
      }
    }
    return table;
  }
}
