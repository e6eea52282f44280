package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.data.CsvColumn;
import dev.sluice.data.CsvSchema;
import dev.sluice.data.DataCatalogue;
import dev.sluice.data.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Adult from training to raw rows: the model alone knows how their cells become features.
class AdultDataTest {
  /// Lines of `adult.test`, of which the first is a comment; among them rows with missing cells.
  private static final int LINES = 60;

  @TempDir private Path folder;
  private Path model = Path.of("");
  private List<String> rawRows = List.of();

  @BeforeEach
  void train() throws Exception {
    String directory = System.getenv(DataDirectory.VARIABLE);
    assumeTrue(
        directory != null && DataCatalogue.entry("adult").isComplete(Path.of(directory)),
        "real data NOT tested: set SLUICE_DATA to a directory with adult");
    rawRows = Files.readAllLines(Path.of(directory, "adult", "adult.test")).subList(1, LINES);
    model = folder.resolve("adult.safetensors");
    CliRun.of(
            "train",
            "--data",
            "adult",
            "--layers",
            "108-8-2",
            "--epochs",
            "1",
            "--batch",
            "256",
            "--out",
            model.toString())
        .succeeded();
  }

  private List<String> predicted(String data) throws Exception {
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model.toString(), "--data", data, "--out", scores.toString()).succeeded();
    return new ArrayList<>(Files.readAllLines(scores));
  }

  private String table(String name, List<String> lines) throws Exception {
    return "csv:" + Files.write(folder.resolve(name), lines);
  }

  @Test
  void rawRowsAreAnsweredAsThoseOfTheTestPart() throws Exception {
    assertTrue(rawRows.stream().anyMatch(row -> row.contains("?")), "no row with a missing cell");
    List<String> expected = predicted("adult").subList(0, LINES);
    assertTrue(expected.get(1).matches("0,[<>]=?50K,.*"), expected.get(1));
    assertEquals(expected, predicted(table("raw.csv", rawRows) + "?labelSuffix=."));
    List<String> unlabelled =
        rawRows.stream().map(row -> row.substring(0, row.lastIndexOf(','))).toList();
    assertEquals(expected, predicted(table("unlabelled.csv", unlabelled)));
  }

  @Test
  void theModelFileHasMeansDeviationsCategoriesAndMissingCells() {
    JsonNode metadata = CliRun.of("inspect", model.toString(), "--json").json().get("metadata");
    CsvSchema schema = CsvSchema.fromJson(metadata.get(TrainingJob.SCHEMA_KEY).stringValue());
    assertTrue(schema.missing().contains("?"));
    CsvColumn.Numeric age = (CsvColumn.Numeric) schema.columns().getFirst();
    assertEquals(38.58164675532078, age.mean(), 1e-9);
    CsvColumn.Category workclass = (CsvColumn.Category) schema.columns().get(1);
    assertTrue(workclass.values().containsAll(List.of("", "Private", "State-gov")));
  }
}
