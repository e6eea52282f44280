package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.account.MacCount;
import dev.sluice.account.StepMacs;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void stepsMayGoBeyondTheDefaultEpochsAndAreLeftOutUnlessAskedFor() {
    // 18 rows: a step an epoch
    String few = "stroke-digits?rows=20&test=10&seed=3";
    JsonNode training = audit(few, "--training-steps", "21", "--json").json().get("training");
    assertEquals(21, training.get("steps").asInt());
    assertTrue(training.get("balanced").asBoolean());
    assertNull(audit(Trained.DIGITS, "--json").json().get("training"));
    assertTrue(
        audit(Trained.DIGITS, "--training-steps", "1")
            .succeeded()
            .out()
            .contains("weight gradient"));
  }

  @Test
  void negativeStepsAreAMisuse() {
    audit(Trained.DIGITS, "--training-steps", "-1").misusedWith("steps=-1");
  }

  @Test
  void anAccountOfStepsThatDoesNotHoldIsReported() {
    try (Model opened = ModelFile.open(model)) {
      StepMacs wrong = new StepMacs(3);
      wrong.of(StepMacs.Pass.INPUT_GRADIENT).add(MacCount.Kind.GATE, 1, 5, 0);
      FlopMeter idle = FlopMeter.of(KernelProvider.kernels());
      Books books = Books.of((pass, layer, kind) -> List.of(), wrong, idle);
      TrainingAuditText text =
          new TrainingAuditText(opened, new TrainingAudit(books, wrong, 1, 1, Map.of()));
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
