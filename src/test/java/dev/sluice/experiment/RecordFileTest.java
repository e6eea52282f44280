package dev.sluice.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordFileTest {
  private static final FrontierRecord FIRST = Records.of("b", 0.1, 1, 0.97, 0.09);
  private static final FrontierRecord SECOND = Records.of("a", 0.1, 1, 0.98, 0.08);

  @TempDir private Path folder;
  private Path path = Path.of("");

  @BeforeEach
  void name() {
    path = folder.resolve("records.jsonl");
  }

  private void append(FrontierRecord... records) {
    try (RecordFile file = RecordFile.open(folder)) {
      for (FrontierRecord record : records) {
        file.append(record);
      }
    }
  }

  @Test
  void aRecordComesBackAsItWasWritten() {
    FrontierRecord measured =
        SECOND.withLatencies(new Latencies(30_000, 4_000, 5_000.25), new Latencies(1, 2, 3));
    append(FIRST, measured);
    try (RecordFile file = RecordFile.open(folder)) {
      assertEquals(FIRST, file.find(FIRST.cell()));
      assertEquals(measured, file.find(SECOND.cell()));
      assertEquals(List.of(measured, FIRST), file.all());
    }
  }

  @Test
  void aRecordHasWhatReadersRelyOn() {
    FrontierRecord measured =
        Records.of("m", 0.1, 3, 0.97, 0.96, 0.09, Optional.of(new Latencies(30, 4, 5)));
    JsonNode node = JsonMapper.builder().build().readTree(RecordJson.format(measured));
    assertEquals("made-up?rows=1", node.get("dataset").stringValue());
    assertEquals("m", node.get("method").stringValue());
    assertEquals(0.1, node.get("budget").doubleValue());
    assertEquals(3, node.get("seed").longValue());
    assertEquals(0.97, node.get("testAccuracy").doubleValue());
    assertEquals(0.96, node.get("validationAccuracy").doubleValue());
    assertEquals(0.09, node.get("relativeMacs").doubleValue());
    assertEquals(6, node.get("latencySpeedup").doubleValue());
    assertEquals(6, node.get("latencySpeedupSkippingZeros").doubleValue());
    assertEquals(0.98, node.get("denseAccuracy").doubleValue());
    assertEquals(0.953, node.get("equalMacAccuracy").doubleValue());
    assertEquals(0.101, node.get("equalMacRelativeMacs").doubleValue());
    assertEquals(0.75, node.get("executedShare").doubleValue());
    assertEquals(0.5, node.get("publishedMacs").get("inputSided").doubleValue());
    assertTrue(node.get("publishedMacs").get("lastLayerSided").isNull());
    assertEquals(0.75, node.get("gates").get("layers").get(0).get("usage").get(1).doubleValue());
    assertEquals(0.1, node.get("gates").get("ratioStdDev").doubleValue());
    assertEquals(0.3, node.get("gates").get("commonestSetShare").doubleValue());
    assertEquals(1.5, node.get("gates").get("setInformationBits").doubleValue());
    for (String name :
        List.of("stageShares", "seconds", "versions", "settings", "notes", "relativeMacsSelf")) {
      assertTrue(node.has(name), name);
    }
    assertTrue(RecordJson.format(FIRST).contains("\"latencySpeedup\":null"));
  }

  @Test
  void aLineThatWasNotFinishedIsCutOff() throws Exception {
    append(FIRST);
    byte[] whole = Files.readAllBytes(path);
    append(SECOND);
    byte[] both = Files.readAllBytes(path);
    for (int length = whole.length + 1; length < both.length; length += 97) {
      Files.write(path, java.util.Arrays.copyOf(both, length));
      try (RecordFile file = RecordFile.open(folder)) {
        assertEquals(List.of(FIRST), file.all());
      }
      assertEquals(whole.length, Files.size(path), "cut at " + length);
    }
    append(SECOND);
    assertEquals(both.length, Files.size(path));
  }

  @Test
  void aDamagedLineIsNamedAndNothingIsChanged() throws Exception {
    append(FIRST);
    Files.writeString(path, "{\"dataset\":1\n", StandardOpenOption.APPEND);
    byte[] before = Files.readAllBytes(path);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> RecordFile.open(folder).close());
    assertTrue(String.valueOf(e.getMessage()).contains("line=2"), e.getMessage());
    assertEquals(before.length, Files.size(path));
  }

  @Test
  void twoCannotWriteAtOnce() {
    try (RecordFile _ = RecordFile.open(folder)) {
      assertThrows(IllegalStateException.class, () -> RecordFile.open(folder).close());
    }
    RecordFile.open(folder).close();
  }

  @Test
  void replacingKeepsTheOthersAndSortsTheFile() throws Exception {
    append(FIRST, SECOND);
    FrontierRecord changed = Records.of("b", 0.1, 1, 0.5, 0.09);
    try (RecordFile file = RecordFile.open(folder)) {
      file.replace(List.of(changed));
      assertNull(file.find(new Cell("b", 0.2, 1)));
    }
    assertEquals(
        List.of(RecordJson.format(SECOND), RecordJson.format(changed)), Files.readAllLines(path));
  }
}
