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
        CifarReader.read(
            "small", List.of(batch("a.bin", 3, 9), batch("b.bin", 0)), CifarReader.Labels.TEN);
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
        assertThrows(
                DatasetException.class,
                () -> CifarReader.read("cut", List.of(batch), CifarReader.Labels.TEN))
            .getMessage());
  }

  @Test
  void aLabelOutOfRangeIsNamedWithItsOffset() throws IOException {
    Path batch = batch("a.bin", 1, 10);
    assertEquals(
        "label out of range: row=1, label=10, classes=10, path=" + batch + ", offset=3073",
        assertThrows(
                DatasetException.class,
                () -> CifarReader.read("bad", List.of(batch), CifarReader.Labels.TEN))
            .getMessage());
  }

  @Test
  void anEmptyOrMissingBatchIsNamed() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.bin"));
    assertThrows(
        DatasetException.class,
        () -> CifarReader.read("empty", List.of(empty), CifarReader.Labels.TEN));
    Path missing = directory.resolve("missing.bin");
    assertEquals(
        "data file missing: path=" + missing,
        assertThrows(
                DatasetException.class,
                () -> CifarReader.read("none", List.of(missing), CifarReader.Labels.TEN))
            .getMessage());
  }

  @Test
  void aRecordOfCifar100HasACoarseAndAFineLabel() throws IOException {
    Path set = Files.createDirectories(directory.resolve("cifar100/cifar-100-binary"));
    byte[] records = new byte[2 * 3074];
    records[0] = 19;
    records[1] = 99;
    records[2] = (byte) 255;
    records[3074] = 3;
    records[3075] = 42;
    records[6147] = 51;
    Files.write(set.resolve("train.bin"), records);
    Files.write(set.resolve("test.bin"), Arrays.copyOf(records, 3074));
    DataSplit fine = DataSource.at(directory).load("cifar100");
    assertArrayEquals(new int[] {99, 42}, Rows.labels(fine.train()));
    assertEquals(100, fine.test().classes());
    assertEquals(1f, Rows.features(fine.train(), 0)[0]);
    assertEquals(51 / 255f, Rows.features(fine.train(), 1)[3071]);
    DataSplit coarse = DataSource.at(directory).load("cifar100:" + set + "?labels=coarse");
    assertArrayEquals(new int[] {19, 3}, Rows.labels(coarse.train()));
    assertEquals(20, coarse.test().classes());
    records[3075] = 100;
    Files.write(set.resolve("train.bin"), records);
    Complaint.of(
        () -> DataSource.at(directory).load("cifar100"),
        "label out of range: row=1, label=100, classes=100",
        "offset=3075");
    Files.write(set.resolve("train.bin"), Arrays.copyOf(records, 3073));
    Complaint.of(
        () -> DataSource.at(directory).load("cifar100"),
        "cifar batch is not whole records",
        "expectedBytes=a multiple of 3074");
  }
}
