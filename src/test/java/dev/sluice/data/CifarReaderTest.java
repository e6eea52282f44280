package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {
  private static final int RECORD_BYTES = 3073;

  @TempDir Path directory;

  private Path batch(String name, int... labels) throws IOException {
    byte[] bytes = new byte[labels.length * RECORD_BYTES];
    for (int i = 0; i < labels.length; i++) {
      bytes[i * RECORD_BYTES] = (byte) labels[i];
      Arrays.fill(bytes, i * RECORD_BYTES + 1, i * RECORD_BYTES + 1025, (byte) 255);
      bytes[(i + 1) * RECORD_BYTES - 1] = (byte) (10 * labels[i]);
    }
    return Files.write(directory.resolve(name), bytes);
  }

  @Test
  void recordsOfAllBatchesFollowEachOtherWithRedFirst() throws IOException {
    ByteDataset dataset =
        CifarReader.read("small", List.of(batch("a.bin", 3, 9), batch("b.bin", 0)));
    assertEquals(3, dataset.rows());
    assertEquals(3072, dataset.features());
    assertEquals(Optional.of(new ImageShape(3, 32, 32)), dataset.imageShape());
    assertArrayEquals(new int[] {3, 9, 0}, Rows.labels(dataset));
    float[] features = Rows.features(dataset, 1);
    assertEquals(1f, features[0]);
    assertEquals(1f, features[1023]);
    assertEquals(0f, features[1024]);
    assertEquals(90 / 255f, features[3071]);
  }

  @Test
  void aCutBatchIsNamedWithTheOffsetOfItsBrokenRecord() throws IOException {
    Path batch = batch("a.bin", 1, 2);
    Files.write(batch, Arrays.copyOf(Files.readAllBytes(batch), 2 * RECORD_BYTES - 1));
    assertEquals(
        "cifar batch is not whole records: path="
            + batch
            + ", offset=3073, expectedBytes=a multiple of 3073, actualBytes=6145",
        assertThrows(DatasetException.class, () -> CifarReader.read("cut", List.of(batch)))
            .getMessage());
  }

  @Test
  void aLabelOutOfRangeIsNamedWithItsOffset() throws IOException {
    Path batch = batch("a.bin", 1, 10);
    assertEquals(
        "label out of range: row=1, label=10, classes=10, path=" + batch + ", offset=3073",
        assertThrows(DatasetException.class, () -> CifarReader.read("bad", List.of(batch)))
            .getMessage());
  }

  @Test
  void anEmptyOrMissingBatchIsNamed() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.bin"));
    assertThrows(DatasetException.class, () -> CifarReader.read("empty", List.of(empty)));
    Path missing = directory.resolve("missing.bin");
    assertEquals(
        "data file missing: path=" + missing,
        assertThrows(DatasetException.class, () -> CifarReader.read("none", List.of(missing)))
            .getMessage());
  }
}
