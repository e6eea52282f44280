package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.MacCounter;
import dev.sluice.audit.Audit;
import dev.sluice.audit.AuditSettings;
import dev.sluice.audit.BatchAudit;
import dev.sluice.audit.Books;
import dev.sluice.audit.TimePart;
import dev.sluice.audit.TrainingAudit;
import dev.sluice.data.Dataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.model.Model;
import dev.sluice.train.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// The books of a trained model from the command line.
class AuditCommandTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() {
    model = Trained.digits(folder, "audited.safetensors");
  }

  private static CliRun audit(String... more) {
    List<String> arguments = new ArrayList<>();
    Collections.addAll(
        arguments, "audit", model.toString(), "--data", Trained.DIGITS, "--rows", "7");
    Collections.addAll(arguments, more);
    return CliRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void booksOfATrainedModelBalanceLayerByLayer() throws IOException {
    Path page = folder.resolve("audit.html");
    JsonNode audit = audit("--no-time", "--json", "--page", page.toString()).json();
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
    assertEquals("not measured", audit.get("hardware").asString());
    for (String absent : List.of("time", "batch", "training")) {
      assertTrue(audit.has(absent) && audit.get(absent).isNull(), absent);
    }
    String html = Files.readString(page);
    assertEquals(audit.get("layers").size(), html.split("<h3>", -1).length - 1);
    assertTrue(html.contains("The books balance"), html);
  }

  @Test
  void zerosThatAreSkippedAreNeitherPromisedNorMeasured() {
    JsonNode all = audit("--no-time", "--json", "--zero-skipping", "off").json();
    JsonNode few = audit("--no-time", "--json", "--zero-skipping", "always").json();
    assertEquals("off", all.get("zeroSkipping").asString());
    assertEquals("always", few.get("zeroSkipping").asString());
    assertEquals(all.get("structuralMacs"), few.get("structuralMacs"));
    assertEquals(all.get("structuralMacs"), all.get("promisedMacs"));
    long measuredAll = all.get("measuredMacs").asLong();
    long measuredFew = few.get("measuredMacs").asLong();
    assertTrue(measuredFew < measuredAll, measuredFew + " " + measuredAll);
    assertTrue(few.get("balanced").asBoolean() && all.get("balanced").asBoolean());
  }

  @Test
  void batchesBalanceBesideTheRows() {
    JsonNode audit = audit("--no-time", "--json", "--batch", "3").json();
    JsonNode batch = audit.get("batch");
    assertEquals(3, batch.get("batchRows").asInt());
    assertTrue(batch.get("balanced").asBoolean());
    assertEquals(audit.get("structuralMacs"), batch.get("structuralMacs"));
    assertEquals(
        batch.get("promisedMacs").asLong() + batch.get("paddingMacs").asLong(),
        batch.get("measuredMacs").asLong());
    assertTrue(batch.get("promisedMacs").asLong() > audit.get("promisedMacs").asLong());
  }

  @Test
  void aBudgetHoldsForRowsAndBatches() {
    JsonNode free = audit("--no-time", "--json", "--zero-skipping", "off").json();
    long cap = free.get("structuralMacs").asLong() / 7 * 8 / 10;
    JsonNode capped = audit("--no-time", "--json", "--batch", "7", "--budget", cap + "macs").json();
    assertTrue(capped.get("balanced").asBoolean());
    assertEquals(cap + "macs", capped.get("budget").asString());
    assertTrue(capped.get("structuralMacs").asLong() <= 7 * cap);
    assertEquals(capped.get("structuralMacs"), capped.get("batch").get("structuralMacs"));
    audit("--budget", "1macs").failedWith("smallest possible cost", "budget=1macs");
    audit("--budget", "cheap").misusedWith("--budget", "cheap");
  }

  @Test
  void publishedDefinitionsStandBesideOurs() {
    CliRun text = audit("--no-time").succeeded();
    JsonNode published = audit("--no-time", "--json").json().get("publishedMacs");
    for (String name : List.of("bothSided", "inputSided", "lastLayerSided")) {
      double share = published.get(name).asDouble();
      assertTrue(share > 0 && share <= 1, name + "=" + share);
      assertTrue(text.out().contains("%.4f".formatted(share)), text.out());
    }
    assertTrue(published.get("bothSided").asDouble() <= published.get("inputSided").asDouble());
  }

  @Test
  void hardwareCountersAreShownOrTheReasonWhyThereAreNone() {
    JsonNode audit = audit("--no-time", "--json", "--hardware").json();
    JsonNode hardware = audit.get("hardware");
    assertTrue(audit.has("hardwareReason"));
    if (hardware.isObject()) {
      assertTrue(hardware.get("measuredFlops").asLong() > 0);
      assertTrue(hardware.get("meteredFlops").asLong() >= 1e8);
    } else {
      assertEquals("not measured", hardware.asString());
      String reason = audit.get("hardwareReason").asString();
      assertFalse(reason.isEmpty() || reason.equals("not asked for"), reason);
      String text = audit("--no-time", "--hardware").succeeded().out();
      assertTrue(text.contains("not measured: "), text);
    }
  }

  private static CliRun run(AuditCommand command, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>();
    Collections.addAll(arguments, model.toString(), "--data", Trained.DIGITS);
    Collections.addAll(arguments, more);
    int exitCode =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new CliRun(exitCode, out.toString(), err.toString());
  }

  private static TrainingAudit noTraining(
      Model opened, TrainingOptions options, Dataset rows, int steps) {
    throw new AssertionError("nobody asked for training steps");
  }

  /// A command whose audits say that layer 1 executes five MACs more than it does.
  private static CliRun wrongly(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--no-time"));
    Collections.addAll(arguments, more);
    return run(
        new AuditCommand(AuditCommandTest::wrong, AuditCommandTest::noTraining),
        arguments.toArray(String[]::new));
  }

  private static Audit wrong(Model opened, float[][] rows, AuditSettings settings) {
    Audit honest = Audit.of(opened, rows, settings);
    MacCounter wrong = new MacCounter(honest.promised().layers());
    wrong.add(honest.promised());
    wrong.add(MacCount.Kind.PANEL, 1, 5, 0);
    BatchAudit batch = honest.batch();
    if (batch != null) {
      Books books = Books.of(opened, wrong, FlopMeter.of(settings.kernels()));
      batch = new BatchAudit(batch.batchRows(), books, wrong, wrong);
      return AuditTextTest.with(honest, honest.books(), honest.promised(), batch, null, null);
    }
    Books books = Books.of(opened, wrong, FlopMeter.of(settings.kernels()));
    return AuditTextTest.with(honest, books, wrong, null, null, null);
  }

  @Test
  void booksThatDoNotBalanceFailTheCommandAndNameTheLayer() throws IOException {
    Path page = folder.resolve("wrong.html");
    CliRun run = wrongly("--page", page.toString());
    assertEquals(1, run.exitCode());
    assertTrue(run.out().contains("do not balance"), run.out());
    assertTrue(run.err().contains("books do not balance: layer=1, kind=panel"), run.err());
    assertTrue(Files.readString(page).contains("layer=1, kind=panel"));
    CliRun json = wrongly("--json");
    assertEquals(1, json.exitCode());
    assertTrue(json.out().contains("\"balanced\" : false"), json.out());
  }

  @Test
  void batchesThatDoNotBalanceFailTheCommandToo() {
    CliRun run = wrongly("--batch", "4");
    assertEquals(1, run.exitCode());
    assertTrue(
        run.err().contains("batches of 4 rows: layer=1, kind=panel")
            && run.err().contains("structural MACs are not those of the rows"),
        run.err());
  }

  /// What takes time is only asked for: this counts nothing and measures no clock.
  @Test
  void timesAreAskedForUnlessTheyAreLeftOut() {
    List<Boolean> asked = new ArrayList<>();
    AuditCommand.Auditor auditor =
        (opened, rows, settings) -> {
          asked.add(settings.times());
          Audit honest = Audit.of(opened, rows, AuditSettings.of(KernelProvider.kernels()));
          return AuditTextTest.with(
              honest,
              honest.books(),
              honest.promised(),
              null,
              settings.times() ? AuditTextTest.madeUpTime() : null,
              null);
        };
    CliRun timed =
        run(new AuditCommand(auditor, AuditCommandTest::noTraining), "--rows", "2", "--json");
    JsonNode time = timed.json().get("time");
    assertEquals(9_000, time.get("nanos").asDouble());
    assertEquals(20_000, time.get("denseNanos").asDouble());
    assertEquals(34, time.get("rounds").asInt());
    assertEquals(2.125, time.get("measuredSpeedUpLow").asDouble());
    assertEquals(2.375, time.get("measuredSpeedUpHigh").asDouble());
    assertEquals(7_642, time.get("sumOfPartsNanos").asDouble());
    assertEquals(TimePart.values().length, time.get("partNanos").size());
    assertEquals(TimePart.values().length, time.get("densePartNanos").size());
    assertEquals(3, time.get("perLayer").size());
    double way = time.get("bridge").get("promisedNanos").asDouble();
    for (JsonNode item : time.get("bridge").get("items")) {
      way += item.get("differenceNanos").asDouble();
    }
    assertEquals(9_000, way, 1e-6);
    CliRun untimed =
        run(
            new AuditCommand(auditor, AuditCommandTest::noTraining),
            "--rows",
            "2",
            "--json",
            "--no-time");
    assertTrue(untimed.json().get("time").isNull());
    assertEquals(List.of(true, false), asked);
  }

  @Test
  void pagesAreReplacedAsAWhole() throws IOException {
    Path page = folder.resolve("replaced.html");
    Files.writeString(page, "old");
    OutputFile.write("page", page, "new");
    assertEquals("new", Files.readString(page));
    try (var files = Files.list(folder)) {
      assertEquals(0, files.filter(file -> file.toString().endsWith(".tmp")).count());
    }
  }

  @Test
  void settingsThatMakeNoSenseAreAMisuse() {
    CliRun.of("audit", model.toString(), "--data", Trained.DIGITS, "--rows", "0")
        .misusedWith("rows=0");
    audit("--batch", "0").misusedWith("--batch", "rows=0");
    audit("--zero-skipping", "maybe").misusedWith("--zero-skipping", "maybe", "always");
  }
}
