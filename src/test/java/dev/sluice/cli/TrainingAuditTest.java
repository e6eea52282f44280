package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.StepMacs;
import dev.sluice.audit.Audit;
import dev.sluice.audit.BookEntry;
import dev.sluice.audit.Books;
import dev.sluice.audit.TrainingAudit;
import dev.sluice.format.ModelFile;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.meter.FlopMeter;
import dev.sluice.kernel.meter.ProductOperations;
import dev.sluice.model.Model;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.train.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// The books of training steps from the command line.
class TrainingAuditTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() {
    model = Trained.digits(folder, "trained.safetensors");
  }

  private static CliRun audit(String data, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("audit", model.toString(), "--data", data, "--rows", "1"));
    arguments.add("--no-time");
    arguments.addAll(List.of(more));
    return CliRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void booksOfTrainingStepsBalanceByLayerPassAndKind() throws IOException {
    byte[] before = Files.readAllBytes(model);
    JsonNode training =
        audit(Trained.DIGITS, "--training-steps", "4", "--json").json().get("training");
    assertTrue(training.get("balanced").asBoolean());
    assertEquals(4, training.get("steps").asInt());
    // 360 rows without those held out, in batches of 128
    assertEquals(360 + 128, training.get("rows").asInt());
    assertTrue(training.get("otherFlops").asLong() > 0);
    assertEquals(3, training.get("layers").size());
    long ofPasses = 0;
    for (JsonNode pass : training.get("passes")) {
      ofPasses += balanced(pass);
    }
    assertEquals(balanced(training), ofPasses);
    assertEquals(training.get("repeatedMacs").asLong(), repeated(training.get("passes")));
    long ofLayers = 0;
    for (JsonNode layer : training.get("layers")) {
      ofLayers += balanced(layer);
      long ofLayer = 0;
      for (JsonNode pass : layer.get("passes")) {
        long ofPass = 0;
        for (JsonNode kind : pass.get("kinds")) {
          ofPass += balanced(kind);
        }
        assertEquals(balanced(pass), ofPass);
        ofLayer += ofPass;
      }
      assertEquals(balanced(layer), ofLayer);
    }
    assertEquals(balanced(training), ofLayers);
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(model)));
  }

  private static long balanced(JsonNode sum) {
    long measured = sum.get("measuredMacs").asLong();
    assertEquals(sum.get("promisedMacs").asLong() + sum.get("paddingMacs").asLong(), measured);
    assertTrue(sum.get("balanced").asBoolean());
    return measured;
  }

  private static long repeated(JsonNode sums) {
    long repeated = 0;
    for (JsonNode sum : sums) {
      repeated += sum.get("repeatedMacs").asLong();
    }
    return repeated;
  }

  @Test
  void rowsComputedAgainAreShown() throws IOException {
    ProductOperations measured = new ProductOperations(10 + 4321, 0, 0, 0, 0, 0, 0, 4321);
    BookEntry entry = new BookEntry(0, MacCount.Kind.PANEL, StepMacs.Pass.FORWARD, 10, 0, measured);
    assertTrue(entry.isBalanced());
    Books books = new Books(List.of(entry), 0, List.of());
    try (Model opened = ModelFile.open(model)) {
      TrainingAudit audit = new TrainingAudit(books, new StepMacs(3), 1, 1, Map.of());
      TrainingAuditText text = new TrainingAuditText(opened, audit);
      assertTrue(text.text().contains("repeated"), text.text());
      assertTrue(text.text().contains(Figures.count(4321)), text.text());
      String json = text.addTo(JsonText.object()).format();
      assertTrue(json.contains("\"repeatedMacs\" : 4321"), json);
    }
  }

  @Test
  void stepsEndWithTheTrainingAndAreLeftOutUnlessAskedFor() {
    // 18 rows: a step an epoch
    String few = "stroke-digits?rows=20&test=10&seed=3";
    int all = TrainingOptions.defaults().epochs();
    JsonNode training = audit(few, "--training-steps", "" + all, "--json").json().get("training");
    assertEquals(all, training.get("steps").asInt());
    assertTrue(training.get("balanced").asBoolean());
    assertTrue(audit(Trained.DIGITS, "--json").json().get("training").isNull());
    assertTrue(
        audit(Trained.DIGITS, "--training-steps", "1")
            .succeeded()
            .out()
            .contains("weight gradient"));
  }

  /// Whether a training fits is known before the audit begins, which takes seconds.
  @Test
  void aTrainingThatDoesNotFitIsRefusedBeforeAnythingIsMeasured() {
    AuditCommand command =
        new AuditCommand(
            (opened, rows, settings) -> {
              throw new AssertionError("audit was made");
            },
            (opened, options, rows, steps) -> {
              throw new AssertionError("training was begun");
            });
    CliRun tooMany = run(command, "stroke-digits?rows=20&test=10&seed=3", "21");
    assertEquals(1, tooMany.exitCode());
    assertTrue(
        tooMany.err().contains("training has fewer steps: steps=21, totalSteps=20"), tooMany.err());
  }

  /// Predictions that balance beside a step that is said to execute five MACs more than it does.
  @Test
  void trainingThatDoesNotBalanceFailsCommandDocumentAndPage() throws IOException {
    AuditCommand command =
        new AuditCommand(
            Audit::of,
            (opened, options, rows, steps) ->
                new TrainingAudit(wrong(), new StepMacs(3), steps, 9, Map.of()));
    Path page = folder.resolve("training.html");
    CliRun run = run(command, Trained.DIGITS, "2", "--json", "--page", page.toString());
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("books of training do not balance: layer=1, kind=gate"));
    JsonNode document = new CliRun(0, run.out(), "").json();
    assertFalse(document.get("balanced").asBoolean());
    assertFalse(document.get("training").get("balanced").asBoolean());
    for (JsonNode layer : document.get("layers")) {
      assertTrue(layer.get("balanced").asBoolean());
    }
    String html = Files.readString(page);
    assertFalse(html.contains("The books balance"), html);
    assertTrue(html.contains("Books of training do not balance: layer=1, kind=gate"), html);
    assertTrue(html.contains("<h2>Training</h2>") && html.contains("input gradient"), html);
  }

  private static Books wrong() {
    StepMacs wrong = new StepMacs(3);
    wrong.of(StepMacs.Pass.INPUT_GRADIENT).add(MacCount.Kind.GATE, 1, 5, 0);
    FlopMeter idle = FlopMeter.of(KernelProvider.kernels());
    return Books.of((pass, layer, kind) -> List.of(), wrong, idle);
  }

  private static CliRun run(AuditCommand command, String data, String steps, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(model.toString(), "--data", data));
    arguments.addAll(List.of("--rows", "1", "--no-time", "--training-steps", steps));
    arguments.addAll(List.of(more));
    int exitCode =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new CliRun(exitCode, out.toString(), err.toString());
  }

  @Test
  void negativeStepsAreAMisuse() {
    audit(Trained.DIGITS, "--training-steps", "-1").misusedWith("steps=-1");
  }

  @Test
  void anAccountOfStepsThatDoesNotHoldIsReported() {
    try (Model opened = ModelFile.open(model)) {
      TrainingAuditText text =
          new TrainingAuditText(
              opened, new TrainingAudit(wrong(), new StepMacs(3), 1, 1, Map.of()));
      assertFalse(text.isBalanced());
      assertTrue(text.text().contains("do not balance"), text.text());
      assertTrue(text.text().contains("differ"), text.text());
      assertEquals(
          "layer=1, kind=gate, pass=input_gradient, promisedMacs=5, paddingMacs=0, measuredMacs=0,"
              + " measuredPaddingMacs=0, unexplainedFlops=0",
          text.differences().getFirst());
      assertTrue(
          text.addTo(JsonText.object()).format().contains("\"balanced\" : false"), text.text());
    }
  }
}
