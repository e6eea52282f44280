package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.Preparation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Sets that are no tables from training to prediction: the model carries how they were prepared.
class PreparedDataTest {
  @TempDir private Path folder;
  private String reviews = "";
  private Path model = Path.of("");

  @BeforeEach
  void train() throws IOException {
    StringBuilder table = new StringBuilder("label\trating\tid\ttext\n");
    for (int i = 0; i < 60; i++) {
      String text = i % 2 == 0 ? "an awful dull bore " : "a great lovely film ";
      table.append(i % 2 == 0 ? "neg\t1\t" : "pos\t9\t").append(i).append('\t');
      table.append(text).append(i).append('\n');
    }
    Files.writeString(folder.resolve("train.tsv"), table);
    Files.writeString(folder.resolve("test.tsv"), table);
    reviews = "imdb:" + folder + "?features=32";
    model = Trained.table(folder, "m.safetensors", reviews, "32-8-2");
  }

  @Test
  void theModelSaysHowItsRowsWerePreparedAndNamesItsClasses() throws IOException {
    JsonNode metadata = CliRun.of("inspect", model.toString(), "--json").json().get("metadata");
    Preparation preparation =
        Preparation.fromJson(metadata.get(TrainingJob.PREPARATION_KEY).stringValue());
    assertEquals("32", preparation.settings().get("features"));
    Path scores = folder.resolve("scores.csv");
    CliRun.of("predict", model.toString(), "--data", reviews, "--out", scores.toString())
        .succeeded();
    List<String> lines = Files.readAllLines(scores);
    assertEquals(61, lines.size());
    assertTrue(lines.get(1).startsWith("0,neg,"), lines.get(1));
    assertTrue(lines.get(2).startsWith("1,pos,"), lines.get(2));
    assertTrue(
        CliRun.of("eval", model.toString(), "--data", reviews, "--json")
                .json()
                .get("accuracy")
                .doubleValue()
            > 0.9);
  }

  /// Pictures of 32 values have the length of the reviews, but are none.
  @Test
  void rowsPreparedOtherwiseAreRefused() throws IOException {
    Path idx = Files.createDirectories(folder.resolve("idx"));
    byte[] images =
        ByteBuffer.allocate(16 + 32).putInt(0x0803).putInt(1).putInt(4).putInt(8).array();
    byte[] labels = ByteBuffer.allocate(9).putInt(0x0801).putInt(1).array();
    for (String part : List.of("train", "t10k")) {
      Files.write(idx.resolve(part + "-images-idx3-ubyte"), images);
      Files.write(idx.resolve(part + "-labels-idx1-ubyte"), labels);
    }
    Path scores = folder.resolve("none.csv");
    CliRun.of("predict", model.toString(), "--data", "idx:" + idx, "--out", scores.toString())
        .failedWith(
            "rows are prepared otherwise than those the model was trained on: setting=kind,"
                + " model=hashed-words, data=none");
    assertTrue(Files.notExists(scores));
  }
}
