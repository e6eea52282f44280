package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.AuditSettings;
import dev.sluice.audit.BatchAudit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.audit.HardwareCount;
import dev.sluice.audit.MacShares;
import dev.sluice.audit.SpeedUpSpread;
import dev.sluice.audit.TimeBooks;
import dev.sluice.audit.TimePart;
import dev.sluice.audit.TimeParts;
import dev.sluice.format.ModelFile;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.meter.ProductOperations;
import dev.sluice.model.Model;
import dev.sluice.runtime.ZeroSkipping;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// An audit in words and bars, with figures that no run here would give.
class AuditTextTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() {
    model = Trained.digits(folder, "written.safetensors");
  }

  static TimeBooks madeUpTime() {
    TimeParts parts =
        new TimeParts(
            Map.of(TimePart.PANELS, 7_654.0, TimePart.GATES, -12.0),
            List.of(Map.of(TimePart.PANELS, 7_654.0), Map.of(TimePart.GATES, -12.0), Map.of()));
    TimeParts dense =
        new TimeParts(
            Map.of(TimePart.PANELS, 20_000.0),
            List.of(Map.of(TimePart.PANELS, 20_000.0), Map.of(), Map.of()));
    MacShares shares = new MacShares(Map.of(MacCount.Kind.PANEL, 0.25));
    return new TimeBooks(9_000, 20_000, new SpeedUpSpread(34, 2.125, 2.375), shares, parts, dense);
  }

  static Audit with(
      Audit honest,
      Books books,
      MacCount promised,
      BatchAudit batch,
      TimeBooks time,
      HardwareCount hardware) {
    return new Audit(
        books,
        promised,
        honest.rows(),
        honest.denseMacs(),
        honest.published(),
        batch,
        time,
        hardware);
  }

  /// Batches whose rows are computed again to fill a tile, made up so that any machine has some.
  @Test
  void repeatedRowsAreShownForBatches() {
    try (Model opened = ModelFile.open(model)) {
      AuditSettings settings = AuditSettings.of(KernelProvider.kernels());
      Audit honest = Audit.of(opened, new float[1][opened.spec().inputs()], settings);
      BookEntry entry = honest.books().entries().getFirst();
      ProductOperations repeated = new ProductOperations(0, 0, 0, 0, 0, 0, 0, 4_321);
      BookEntry more =
          new BookEntry(
              entry.layer(),
              entry.kind(),
              entry.pass(),
              entry.promisedMacs(),
              entry.paddingMacs(),
              entry.measured().plus(repeated));
      BatchAudit batch =
          new BatchAudit(
              5, new Books(List.of(more), 0, List.of()), honest.promised(), honest.promised());
      AuditText text =
          text(opened, with(honest, honest.books(), honest.promised(), batch, null, null));
      assertTrue(text.text().contains("repeated") && text.text().contains("4,321"), text.text());
      JsonNode layer = json(text).get("batch").get("layers").get(entry.layer());
      assertEquals(4_321, layer.get("repeatedMacs").asLong());
      assertEquals(4_321, layer.get("kinds").get(0).get("repeatedMacs").asLong());
      String bar = "c-repeated\" style=";
      assertTrue(new AuditPage(text).html().contains(bar));
      Audit alone = with(honest, honest.books(), honest.promised(), null, null, null);
      assertFalse(new AuditPage(text(opened, alone)).html().contains(bar));
      assertFalse(text(opened, alone).text().contains("repeated"));
    }
  }

  @Test
  void figuresThatAreKnownAreShownInTextAndPage() {
    try (Model opened = ModelFile.open(model)) {
      Audit honest =
          Audit.of(
              opened,
              new float[1][opened.spec().inputs()],
              AuditSettings.of(KernelProvider.kernels()));
      HardwareCount hardware = new HardwareCount("", 1000, 204, 200);
      Audit audit = with(honest, honest.books(), honest.promised(), null, madeUpTime(), hardware);
      AuditText text = text(opened, audit);
      assertTrue(
          text.text()
              .contains(
                  "promised 4.00×, measured 2.22×, in the middle half of 34 rounds 2.13× to 2.38×"),
          text.text());
      assertTrue(text.text().contains("miss the whole by more than 5.00 %"), text.text());
      assertTrue(text.text().contains("204 FLOPs measured, metered 200, ratio 1.0200"));
      String html = new AuditPage(text).html();
      assertTrue(html.contains("&lt;budget&gt;") && !html.contains("<budget>"));
      assertTrue(html.contains("Times do not add up"));
      assertTrue(html.contains("+2,654"), html);
      assertFalse(html.contains("http") || html.contains("<script"));
    }
  }

  private static AuditText text(Model opened, Audit audit) {
    return new AuditText(
        opened, audit, TrainingAuditText.none(opened), "<budget>", ZeroSkipping.OFF);
  }

  private static JsonNode json(AuditText text) {
    return new CliRun(0, new AuditJson(text).document().format(), "").json();
  }
}
