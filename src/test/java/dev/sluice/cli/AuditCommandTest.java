package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.audit.Audit;
import dev.sluice.audit.Books;
import dev.sluice.audit.TimeBooks;
import dev.sluice.audit.TimePart;
import dev.sluice.format.ModelFile;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The books of a trained model from the command line.
class AuditCommandTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() {
    model = Trained.digits(folder, "audited.safetensors");
  }

  @Test
  void booksOfATrainedModelBalanceLayerByLayer() throws IOException {
    Path page = folder.resolve("audit.html");
    String[] arguments = {
      "audit",
      model.toString(),
      "--data",
      Trained.DIGITS,
      "--rows",
      "7",
      "--no-time",
      "--json",
      "--page",
      page.toString()
    };
    JsonNode audit = CliRun.of(arguments).json();
    assertTrue(audit.get("balanced").asBoolean());
    assertEquals(7, audit.get("rows").asInt());
    long measured = 0;
    for (JsonNode layer : audit.get("layers")) {
      long promised = layer.get("promisedMacs").asLong() + layer.get("paddingMacs").asLong();
      assertEquals(promised, layer.get("measuredMacs").asLong());
      assertEquals(4 * promised, layer.get("weightBytes").asLong());
      measured += promised;
    }
    assertTrue(measured > 0);
    String html = Files.readString(page);
    assertEquals(audit.get("layers").size(), html.split("<h3>", -1).length - 1);
    assertTrue(html.contains("The books balance"), html);
  }

  @Test
  void anAccountThatDoesNotHoldIsReportedWithItsLayer() {
    try (Model opened = ModelFile.open(model)) {
      float[][] rows = new float[1][opened.spec().inputs()];
      Audit honest = Audit.of(opened, rows, KernelProvider.kernels(), false);
      MacCount wrong = new MacCount(honest.promised().layers());
      wrong.add(honest.promised());
      wrong.add(MacCount.Kind.PANEL, 1, 5, 0);
      Books books = Books.of(opened, wrong, FlopMeter.of(KernelProvider.kernels()));
      Audit audit = new Audit(books, wrong, 1, honest.denseMacs(), null);
      assertFalse(books.isBalanced());
      assertTrue(
          books.differences().stream().anyMatch(text -> text.startsWith("layer=1, kind=panel")));
      assertTrue(new AuditText(opened, audit).text().contains("do not balance"));
      assertTrue(new AuditPage(opened, audit).html().contains("layer=1, kind=panel"));
      assertTrue(new AuditText(opened, audit).json().format().contains("\"balanced\" : false"));
    }
  }

  @Test
  void partsAddUpIfTheyAreWithinATwentiethOfTheWhole() {
    Map<TimePart, Double> parts = Map.of(TimePart.PANELS, 70.0, TimePart.GATES, 26.0);
    assertTrue(new TimeBooks(100, 300, 4, parts).addsUp());
    assertFalse(new TimeBooks(102, 300, 4, parts).addsUp());
    assertEquals(3, new TimeBooks(100, 300, 4, parts).measuredSpeedUp());
  }

  @Test
  void timesAreMeasuredUnlessTheyAreLeftOut() {
    JsonNode time =
        CliRun.of("audit", model.toString(), "--data", Trained.DIGITS, "--rows", "5", "--json")
            .json()
            .get("time");
    assertTrue(time.get("nanos").asDouble() > 0);
    assertTrue(time.get("denseNanos").asDouble() > 0);
    assertEquals(TimePart.values().length, time.get("partNanos").size());
    assertTrue(time.get("partNanos").get("panels").asDouble() > 0);
  }

  @Test
  void noRowsAreAMisuse() {
    CliRun.of("audit", model.toString(), "--data", Trained.DIGITS, "--rows", "0")
        .misusedWith("rows=0");
  }
}
