package dev.sluice.cli;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.BatchAudit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.audit.HardwareCount;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.report.ConstantNames;
import dev.sluice.report.Figures;
import dev.sluice.report.TextTable;
import dev.sluice.runtime.PublishedMacs;
import dev.sluice.runtime.ZeroSkipping;
import java.util.ArrayList;
import java.util.List;

/// An [Audit] for people, and one of training steps beside it. MACs are sums over its rows.
///
/// @param training may have nothing to say
/// @param budget as it was given
record AuditText(
    Model model,
    Audit audit,
    TrainingAuditText training,
    String budget,
    ZeroSkipping zeroSkipping) {
  static final String NOT_MEASURED = "not measured";

  static String kindText(MacCount.Kind kind) {
    return ConstantNames.words(kind);
  }

  /// Inputs and units: `784→512`.
  static String shape(ModelSpec spec, int layer) {
    return spec.layerInputs(layer) + "→" + spec.layers().get(layer).units();
  }

  /// Of predictions and of training.
  boolean isBalanced() {
    return audit.isBalanced() && training.isBalanced();
  }

  /// What is wrong, a sentence each; empty if all books balance.
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    audit.differences().forEach(line -> differences.add("books do not balance: " + line));
    training
        .differences()
        .forEach(line -> differences.add("books of training do not balance: " + line));
    return differences;
  }

  String text() {
    return predictions() + training.text();
  }

  String predictions() {
    StringBuilder text = new StringBuilder(head());
    text.append('\n').append(table(audit.books(), false).format());
    BatchAudit batch = audit.batch();
    if (batch != null) {
      text.append("\nin batches of ")
          .append(Figures.count(batch.batchRows()))
          .append(" rows, which read what is closed as zeros; structural MACs as one by one\n\n")
          .append(table(batch.books(), true).format());
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
        + Figures.share(published.lastLayerSided())
        + ": without gates' own";
  }

  private static String hardware(HardwareCount count) {
    return count.isMeasured()
        ? Figures.count(count.measuredFlops())
            + " FLOPs measured, metered "
            + Figures.count(count.meteredFlops())
            + ", ratio "
            + Figures.share(count.ratio())
        : NOT_MEASURED + ": " + count.reason();
  }

  /// @param isBatch whether rows may be computed again to fill a tile
  private TextTable table(Books books, boolean isBatch) {
    TextTable table =
        new TextTable().left("layer").left("kind").right("promised MACs").right("padding");
    if (isBatch) {
      table.right("repeated");
    }
    table.right("measured MACs").right("ratio").right("weights read").left("books");
    books.entries().forEach(entry -> table.row(cells(entry, isBatch)));
    return table;
  }

  private String[] cells(BookEntry entry, boolean isBatch) {
    long expected = entry.promisedMacs() + entry.paddingMacs();
    double ratio = expected == 0 ? Double.NaN : (double) entry.measured().macs() / expected;
    List<String> cells = new ArrayList<>();
    cells.add(shape(model.spec(), entry.layer()));
    cells.add(kindText(entry.kind()));
    cells.add(Figures.count(entry.promisedMacs()));
    cells.add(Figures.count(entry.paddingMacs()));
    if (isBatch) {
      cells.add(Figures.count(entry.measured().repeatedMacs()));
    }
    cells.add(Figures.count(entry.measured().macs()));
    cells.add(Figures.share(ratio));
    cells.add(Figures.bytes(entry.measured().weightBytes()));
    cells.add(entry.isBalanced() ? "balance" : "differ");
    return cells.toArray(String[]::new);
  }
}
