package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.ByteDataset;
import dev.sluice.data.StrokeDigits;
import dev.sluice.format.ModelFile;
import dev.sluice.model.Model;
import dev.sluice.runtime.Dial;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Train, evaluate, predict and inspect one small gated network, as a script would.
class EndToEndTest {
  @TempDir private static Path folder;
  private static String model = "";

  @BeforeAll
  static void train() {
    model = Trained.digits(folder, "model.safetensors").toString();
  }

  private static List<String> predictions() throws Exception {
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model, "--data", Trained.DIGITS, "--out", scores.toString()).succeeded();
    return Files.readAllLines(scores);
  }

  @Test
  void evalPrintsOneObjectWithWhatScriptsRelyOn() {
    JsonNode json = CliRun.of("eval", model, "--data", Trained.DIGITS, "--json").json();
    assertEquals(120, json.get("rows").intValue());
    double relativeMacs = json.get("relativeMacs").doubleValue();
    assertTrue(relativeMacs > 0.4 && relativeMacs < 0.8, json.toString());
    assertTrue(json.get("gateRatioMean").doubleValue() < 1, json.toString());
    assertTrue(json.get("gateRatioStdDev").doubleValue() > 0, json.toString());
    assertTrue(json.get("meanSquaredError").isNull());
  }

  @Test
  void relativeMacsAreTheSumOfTheLayersPanelsAndGates() {
    JsonNode json = CliRun.of("eval", model, "--data", Trained.DIGITS, "--json").json();
    double executed = 0;
    double skippedAsZero = 0;
    double dense = 0;
    for (JsonNode layer : json.get("layers")) {
      executed += layer.get("panelMacs").doubleValue() + layer.get("gateMacs").doubleValue();
      skippedAsZero += layer.get("skippedAsZeroMacs").doubleValue();
      dense += layer.get("denseMacs").doubleValue();
    }
    assertEquals(784 * 48 + 48 * 32 + 32 * 10, dense);
    assertEquals(executed, json.get("executedMacs").doubleValue(), 1e-9);
    assertEquals((executed + skippedAsZero) / dense, json.get("relativeMacs").doubleValue(), 1e-12);
    // the first layer reads every input, for its open blocks and for 48 / 8 gates
    JsonNode first = json.get("layers").get(0);
    double firstLayer = 0;
    for (String kind : List.of("panelMacs", "gateMacs", "skippedByGateMacs", "skippedAsZeroMacs")) {
      firstLayer += first.get(kind).doubleValue();
    }
    assertEquals(784 * (48 + 6), firstLayer, 1e-9);
    assertEquals(6, json.get("layers").get(0).get("blockUsage").size());
  }

  @Test
  void accuracyIsTheShareOfPredictedClassesThatAreTheLabels() throws Exception {
    ByteDataset test = StrokeDigits.generateTest(120, 3);
    List<String> lines = predictions();
    int right = 0;
    for (int row = 0; row < test.rows(); row++) {
      String[] cells = lines.get(row + 1).split(",");
      assertEquals(Integer.toString(row), cells[0]);
      right += cells[1].equals(Integer.toString(test.label(row))) ? 1 : 0;
    }
    JsonNode json = CliRun.of("eval", model, "--data", Trained.DIGITS, "--json").json();
    assertEquals(right / 120.0, json.get("accuracy").doubleValue(), 1e-12);
    assertTrue(right > 24, "no better than chance: right=" + right);
  }

  @Test
  void predictionsAreProbabilitiesUnderTheirHeader() throws Exception {
    List<String> lines = predictions();
    assertEquals(
        "row,class,score_0,score_1,score_2,score_3,score_4,score_5,score_6,score_7,score_8,score_9",
        lines.getFirst());
    assertEquals(121, lines.size());
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      double sum = 0;
      int largest = 2;
      for (int cell = 2; cell < cells.length; cell++) {
        sum += Float.parseFloat(cells[cell]);
        largest = Float.parseFloat(cells[cell]) > Float.parseFloat(cells[largest]) ? cell : largest;
      }
      assertEquals(1, sum, 1e-5);
      assertEquals(Integer.toString(largest - 2), cells[1]);
    }
  }

  @Test
  void theNumpyFileHasTheSameBitsAsTheTable() throws Exception {
    Path file = folder.resolve("scores.npy");
    CliRun.of("predict", model, "--data", Trained.DIGITS, "--out", file.toString()).succeeded();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertArrayEquals(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, magic);
    byte[] header = new byte[bytes.getShort()];
    bytes.get(header);
    assertEquals(0, bytes.position() % 64);
    assertTrue(new String(header).contains("'shape': (120, 10)"), new String(header));
    assertEquals(120 * 10 * Float.BYTES, bytes.remaining());
    List<String> lines = predictions();
    for (int row = 0; row < 120; row++) {
      String[] cells = lines.get(row + 1).split(",");
      for (int k = 0; k < 10; k++) {
        assertEquals(Float.parseFloat(cells[2 + k]), bytes.getFloat());
      }
    }
  }

  @Test
  void inspectShowsBlueprintTensorsAndProvenance() {
    JsonNode json = CliRun.of("inspect", model, "--json").json();
    assertEquals("all right", json.get("checksums").stringValue());
    assertEquals("784-48-32-10", json.get("layers").stringValue());
    assertEquals(784 * 48 + 48 * 32 + 32 * 10, json.get("denseMacs").longValue());
    assertEquals("gated", json.get("blueprint").get("layers").get(0).get("kind").stringValue());
    assertEquals("5", json.get("metadata").get("training.option.seed").stringValue());
    long bytes = json.get("bytes").longValue();
    assertEquals(Path.of(model).toFile().length(), bytes);
    for (JsonNode tensor : json.get("tensors")) {
      assertEquals(0, tensor.get("offsetBytes").longValue() % 64, tensor.toString());
      assertTrue(tensor.get("offsetBytes").longValue() < bytes, tensor.toString());
    }
    String text = CliRun.of("inspect", model).succeeded().out();
    assertTrue(text.contains("layers.0.gate.0.weight"), text);
    assertTrue(text.contains("784→48"), text);
  }

  @Test
  void resultsForPeopleNameTheSameFigures() {
    JsonNode json = CliRun.of("eval", model, "--data", Trained.DIGITS, "--json").json();
    String text = CliRun.of("eval", model, "--data", Trained.DIGITS).succeeded().out();
    String relative = String.format("%.4f", json.get("relativeMacs").doubleValue());
    assertTrue(text.contains("relative MACs  " + relative), text);
    assertTrue(text.contains("784→48"), text);
  }

  @Test
  void theSameSeedGivesTheSameFileWithOneAndTwoThreads() throws Exception {
    Path one = Trained.digits(folder, "one.safetensors", "--threads", "1");
    Path two = Trained.digits(folder, "two.safetensors", "--threads", "2");
    assertEquals(-1, Files.mismatch(one, two));
    assertEquals(-1, Files.mismatch(one, Path.of(model)));
  }

  @Test
  void aTrainingLeavesNothingButTheModel() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    Trained.digits(own, "m.safetensors");
    try (Stream<Path> files = Files.list(own)) {
      assertEquals(List.of("m.safetensors"), files.map(f -> f.getFileName() + "").toList());
    }
    Path kept = own.resolve("kept.checkpoint");
    Trained.digits(own, "m.safetensors", "--checkpoint", kept.toString());
    assertTrue(Files.exists(kept));
  }

  @Test
  void progressGoesToStandardErrorALinePerEpoch() {
    CliRun run =
        CliRun.of(
            "train",
            "--data",
            Trained.DIGITS,
            "--layers",
            "784-16-10",
            "--epochs",
            "2",
            "--json",
            "--out",
            folder.resolve("p.safetensors").toString());
    JsonNode json = run.json();
    assertEquals(2, json.get("epochs").size());
    assertEquals("COMPLETED", json.get("reason").stringValue());
    List<String> lines = run.err().lines().toList();
    assertEquals(2, lines.size(), run.err());
    assertTrue(lines.get(0).startsWith("epoch 1/2  loss "), run.err());
    assertTrue(
        lines.get(1).matches(".*relative MACs 1\\.0000  [\\d,]+ rows/s  ETA 0 s"), run.err());
    assertFalse(run.err().contains("\r"), run.err());
  }

  @Test
  void aStudentMayLearnVariedPicturesFromSeveralTeachers() {
    Path other = Trained.digits(folder, "other.safetensors", "--dropout", "0.3");
    String[] varied = {"--augment", "shift=1,variants=3"};
    List<String> names = List.of("joined.safetensors", "repeated.safetensors");
    List<String[]> teachers =
        List.of(
            new String[] {"--teacher", model + "," + other},
            new String[] {"--teacher", model, "--teacher", other.toString()});
    List<String> seen = new ArrayList<>();
    for (int way = 0; way < 2; way++) {
      List<String> options = new ArrayList<>(List.of(varied));
      options.addAll(List.of(teachers.get(way)));
      Path student = Trained.digits(folder, names.get(way), options.toArray(String[]::new));
      JsonNode json = CliRun.of("inspect", student.toString(), "--json").json();
      JsonNode metadata = json.get("metadata");
      assertEquals(
          "Augmentation[shift=1, flip=false, noise=0.0, variants=3]",
          metadata.get("training.option.augmentation").stringValue());
      assertEquals("1x28x28", metadata.get("training.imageShape").stringValue());
      seen.add(metadata.get("training.teacher").stringValue());
    }
    assertTrue(seen.getFirst().matches("[0-9a-f]{64},[0-9a-f]{64}"), seen.getFirst());
    assertEquals(seen.getFirst(), seen.getLast());
  }

  @Test
  void aStudentMayLearnFromATeacher() {
    Path student =
        Trained.digits(folder, "student.safetensors", "--teacher", model, "--distill-weight", "1");
    JsonNode json = CliRun.of("inspect", student.toString(), "--json").json();
    String teacher = json.get("metadata").get("training.teacher").stringValue();
    assertTrue(teacher.matches("[0-9a-f]{64}"), teacher);
  }

  @Test
  void aStagedNetworkMeetsItsBudgetAndBringsADial() throws Exception {
    Path file = folder.resolve("staged.safetensors");
    CliRun.of(
            "train",
            "--data",
            Trained.DIGITS,
            "--layers",
            "196-16-10+784-48-32-10",
            "--stage-features",
            "grid:2,all",
            "--share-stages",
            "--gate",
            "linear",
            "--block",
            "8",
            "--gate-budget",
            "0.9",
            "--mac-budget",
            "0.5",
            "--epochs",
            "4",
            "--batch",
            "32",
            "--learning-rate",
            "0.01",
            "--out",
            file.toString())
        .succeeded();
    JsonNode json = CliRun.of("eval", file.toString(), "--data", Trained.DIGITS, "--json").json();
    double relativeMacs = json.get("relativeMacs").doubleValue();
    assertTrue(relativeMacs > 0.08 && relativeMacs < 0.65, json.toString());
    try (Model model = ModelFile.open(file)) {
      assertEquals("196-16-10+784-48-32-10", model.spec().architecture());
      assertTrue(Dial.of(model).orElseThrow().settings().size() > 1);
    }
  }
}
