package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Text tables from training to prediction: the model carries how they were encoded.
class TableDataTest {
  private static final int ROWS = 200;

  @TempDir private Path folder;
  private Path table = Path.of("");

  @BeforeEach
  void writeTable() throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder("height,colour,price,kind\n");
    for (int row = 0; row < ROWS; row++) {
      boolean big = random.nextBoolean();
      double height = (big ? 180 : 120) + 10 * random.nextGaussian();
      String colour = random.nextInt(3) == 0 ? "red" : "blue";
      double price = 2 * height + (colour.equals("red") ? 10 : 0);
      text.append(height).append(',').append(colour).append(',').append(price).append(',');
      text.append(big ? "tree" : "bush").append('\n');
    }
    table = Files.writeString(folder.resolve("plants.csv"), text);
  }

  private String classes() {
    return "csv:" + table + "?label=kind&ignore=price";
  }

  private String prices() {
    return "csv:" + table + "?label=price&ignore=kind&task=regression";
  }

  @Test
  void aTableIsVariedByNoiseAndHasNoPicturesToShift() throws Exception {
    Path model =
        Trained.table(folder, "m.safetensors", classes(), "3-8-2", "--augment", "noise=0.1");
    JsonNode json = CliRun.of("inspect", model.toString(), "--json").json();
    assertEquals(
        "Augmentation[shift=0, flip=false, noise=0.1, variants=8]",
        json.get("metadata").get("training.option.augmentation").stringValue());
    Path refused = folder.resolve("refused.safetensors");
    for (String augment : List.of("shift=1", "noise=0.1,flip")) {
      CliRun.of(
              "train",
              "--data",
              classes(),
              "--layers",
              "3-8-2",
              "--augment",
              augment,
              "--out",
              refused.toString())
          .misusedWith("invalid --augment: augmentation by shift or flip needs pictures: data=");
    }
    assertTrue(Files.notExists(refused));
  }

  @Test
  void classesHaveTheNamesOfTheTable() throws Exception {
    Path model = Trained.table(folder, "m.safetensors", classes(), "3-8-2");
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model.toString(), "--data", classes(), "--out", scores.toString())
        .succeeded();
    List<String> lines = Files.readAllLines(scores);
    assertEquals("row,class,score_0,score_1", lines.getFirst());
    assertEquals(ROWS + 1, lines.size());
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      boolean isFirst = Float.parseFloat(cells[2]) >= Float.parseFloat(cells[3]);
      assertEquals(isFirst ? "bush" : "tree", cells[1], line);
    }
    JsonNode json = CliRun.of("eval", model.toString(), "--data", classes(), "--json").json();
    assertTrue(json.get("accuracy").doubleValue() > 0.9, json.toString());
    assertTrue(json.get("rows").intValue() < ROWS, "held-out rows only");
  }

  /// Encoded by a schema of its own, a single row would be standardised to zeros.
  @Test
  void aRowAloneIsEncodedAsInTheTrainingTable() throws Exception {
    Path model = Trained.table(folder, "m.safetensors", classes(), "3-8-2");
    Path all = folder.resolve("all.csv");
    CliRun.of("predict", model.toString(), "--data", classes(), "--out", all.toString())
        .succeeded();
    List<String> source = Files.readAllLines(table);
    Path single = folder.resolve("single.csv");
    Files.write(single, List.of(source.getFirst(), source.get(18)));
    Path alone = folder.resolve("alone.csv");
    String data = "csv:" + single + "?label=kind&ignore=price";
    CliRun.of("predict", model.toString(), "--data", data, "--out", alone.toString()).succeeded();
    String expected = Files.readAllLines(all).get(18);
    String actual = Files.readAllLines(alone).get(1);
    assertEquals(expected.substring(expected.indexOf(',')), actual.substring(actual.indexOf(',')));
  }

  @Test
  void precisionsOfARegressionDifferInLossAndHaveNoClassesToDiffer() {
    Path model = Trained.table(folder, "p.safetensors", prices(), "3-8-1");
    String[] args = {"eval", model.toString(), "--data", prices(), "--weights", "f32,bf16"};
    String text = CliRun.of(args).succeeded().out();
    assertTrue(text.contains("bf16"), text);
    JsonNode json =
        CliRun.of("eval", model.toString(), "--data", prices(), "--weights", "f32,bf16", "--json")
            .json();
    JsonNode bf16 = json.get("precisions").get(1);
    assertTrue(bf16.get("accuracyChange").isNull(), bf16.toString());
    assertTrue(bf16.get("answersDiffer").isNull(), bf16.toString());
    assertTrue(bf16.get("gatesDiffer").isNull(), bf16.toString());
    double squaredError = bf16.get("score").get("meanSquaredError").doubleValue();
    assertEquals(squaredError, bf16.get("loss").doubleValue(), 1e-9 * squaredError);
    assertTrue(bf16.get("lossChange").doubleValue() != 0, bf16.toString());
  }

  @Test
  void regressionHasErrorsInsteadOfAccuracyAndNoClass() throws Exception {
    Path model = Trained.table(folder, "r.safetensors", prices(), "3-16-1");
    JsonNode json = CliRun.of("eval", model.toString(), "--data", prices(), "--json").json();
    assertTrue(json.get("accuracy").isNull());
    double squared = json.get("meanSquaredError").doubleValue();
    double absolute = json.get("meanAbsoluteError").doubleValue();
    assertTrue(absolute > 0 && squared >= absolute * absolute, json.toString());
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model.toString(), "--data", prices(), "--out", scores.toString())
        .succeeded();
    assertEquals("row,score_0", Files.readAllLines(scores).getFirst());
    String text = CliRun.of("eval", model.toString(), "--data", prices()).succeeded().out();
    assertTrue(text.contains("mean squared error"), text);
  }

  /// `test=all` evaluates and predicts the same rows, so the errors can be worked out from the predictions.
  @Test
  void errorsAreThoseOfThePredictions() throws Exception {
    Path model = Trained.table(folder, "r.safetensors", prices(), "3-16-1");
    String all = prices() + "&test=all";
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model.toString(), "--data", all, "--out", scores.toString()).succeeded();
    List<String> predicted = Files.readAllLines(scores);
    List<String> rows = Files.readAllLines(table);
    double squared = 0;
    double absolute = 0;
    for (int row = 1; row <= ROWS; row++) {
      float answer = Float.parseFloat(predicted.get(row).split(",")[1]);
      double error = (double) answer - Float.parseFloat(rows.get(row).split(",")[2]);
      squared += error * error / ROWS;
      absolute += Math.abs(error) / ROWS;
    }
    JsonNode json = CliRun.of("eval", model.toString(), "--data", all, "--json").json();
    assertEquals(squared, json.get("meanSquaredError").doubleValue(), 1e-6 * squared);
    assertEquals(absolute, json.get("meanAbsoluteError").doubleValue(), 1e-6 * absolute);
  }

  @Test
  void oneSigmoidOutputServesTwoClasses() throws Exception {
    Path model = Trained.table(folder, "s.safetensors", classes(), "3-8-1", "--loss", "sigmoid");
    JsonNode json = CliRun.of("eval", model.toString(), "--data", classes(), "--json").json();
    assertTrue(json.get("accuracy").doubleValue() > 0.9, json.toString());
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model.toString(), "--data", classes(), "--out", scores.toString())
        .succeeded();
    for (String line : Files.readAllLines(scores).subList(1, ROWS)) {
      String[] cells = line.split(",");
      assertEquals(Float.parseFloat(cells[2]) > 0.5f ? "tree" : "bush", cells[1], line);
    }
  }

  @Test
  void aModelWithoutASchemaIsNotGivenATable() {
    Path digits = Trained.digits(folder, "d.safetensors");
    CliRun.of("eval", digits.toString(), "--data", classes())
        .failedWith("input length differs from model: expected=784, actual=3");
  }

  @Test
  void featuresThatAreNotFiniteAreRefusedWithStrictOnly() throws Exception {
    Path model = Trained.table(folder, "m.safetensors", classes(), "3-8-2");
    List<String> lines = Files.readAllLines(table).subList(0, 20);
    Path dirty = folder.resolve("dirty.csv");
    Files.write(dirty, lines);
    Files.writeString(
        dirty,
        Files.readString(dirty) + "NaN,red,1,tree\n",
        java.nio.charset.StandardCharsets.UTF_8);
    String data = "csv:" + dirty + "?label=kind&ignore=price&test=all";
    CliRun.of("eval", model.toString(), "--data", data).succeeded();
    CliRun.of("eval", model.toString(), "--data", data, "--strict").failedWith("dirty.csv");
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model.toString(), "--data", data, "--strict", "--out", scores.toString())
        .failedWith("dirty.csv");
    assertTrue(Files.notExists(scores));
  }
}
