package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxReaderTest {
  /// Three images of 2×2.
  private static final byte[] IMAGES =
      HexFormat.of()
          .parseHex(
              "00000803"
                  + "00000003"
                  + "00000002"
                  + "00000002"
                  + "00ff3301"
                  + "02030405"
                  + "06070809");

  private static final byte[] LABELS = HexFormat.of().parseHex("00000801" + "00000003" + "090001");

  @TempDir Path directory;
  private Path images;
  private Path labels;

  @BeforeEach
  void writeFiles() throws IOException {
    images = directory.resolve("images");
    labels = directory.resolve("labels");
    Files.write(images, IMAGES);
    Files.write(labels, LABELS);
  }

  private ByteDataset read(int classes) {
    return IdxReader.read("small", images, labels, classes);
  }

  private String failure() {
    return assertThrows(DatasetException.class, () -> read(10)).getMessage();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(buffer)) {
      gzip.write(bytes);
    }
    return buffer.toByteArray();
  }

  private static byte[] with(byte[] bytes, int index, int value) {
    byte[] changed = bytes.clone();
    changed[index] = (byte) value;
    return changed;
  }

  @Test
  void handWrittenBytesAreRead() {
    ByteDataset dataset = read(10);
    assertEquals(3, dataset.rows());
    assertEquals(4, dataset.features());
    assertEquals(10, dataset.classes());
    assertArrayEquals(new float[] {0, 1, 0.2f, 1 / 255f}, Rows.features(dataset, 0));
    assertArrayEquals(new byte[] {6, 7, 8, 9}, dataset.rowBytes(2));
    assertArrayEquals(new int[] {9, 0, 1}, Rows.labels(dataset));
  }

  /// Two by two pixels of one channel are known as such; four dimensions could be planes or pixels of several colours.
  @Test
  void threeDimensionsAreAGreyPictureAndFourSayNothing() throws IOException {
    assertEquals(Optional.of(new ImageShape(1, 2, 2)), read(10).imageShape());
    byte[] more =
        HexFormat.of()
            .parseHex("00000804" + "00000003" + "00000002" + "00000002" + "00000001" + "00ff3301");
    more = Arrays.copyOf(more, more.length + 8);
    Files.write(images, more);
    assertEquals(4, read(10).features());
    assertEquals(Optional.empty(), read(10).imageShape());
  }

  @Test
  void gzippedFilesGiveTheSameContentWhateverTheirName() throws IOException {
    String plain = read(10).contentHash();
    Files.write(images, gzip(IMAGES));
    Files.write(labels, gzip(LABELS));
    assertEquals(plain, read(10).contentHash());
  }

  @Test
  void classesAreOneMoreThanTheLargestLabelIfNotGiven() {
    assertEquals(10, read(0).classes());
  }

  @Test
  void everyTruncationIsNamed() throws IOException {
    for (int length = 0; length < IMAGES.length; length++) {
      Files.write(images, Arrays.copyOf(IMAGES, length));
      String message = failure();
      assertTrue(
          message.startsWith("idx file truncated: path=" + images + ", offset=" + length), message);
      assertTrue(message.endsWith("actualBytes=" + length), message);
    }
    Files.write(images, IMAGES);
    Files.write(labels, Arrays.copyOf(LABELS, 10));
    assertEquals(
        "idx file truncated: path=" + labels + ", offset=10, expectedBytes=11, actualBytes=10",
        failure());
  }

  @Test
  void everyTruncationOfAGzippedFileIsADatasetException() throws IOException {
    byte[] zipped = gzip(IMAGES);
    for (int length = 0; length < zipped.length; length++) {
      Files.write(images, Arrays.copyOf(zipped, length));
      assertTrue(failure().contains("path=" + images));
    }
  }

  @Test
  void everyAlteredByteOfAGzippedFileIsReadOrADatasetException() throws IOException {
    byte[] zipped = gzip(IMAGES);
    String intact = read(10).contentHash();
    int rejected = 0;
    for (int index = 0; index < zipped.length; index++) {
      Files.write(images, with(zipped, index, zipped[index] ^ 0x10));
      try {
        // Only bytes of the gzip header that carry no content may pass.
        assertEquals(intact, read(10).contentHash(), "index=" + index);
      } catch (DatasetException e) {
        rejected++;
      }
    }
    assertTrue(rejected > zipped.length / 2, "rejected=" + rejected);
  }

  @Test
  void trailingBytesAreRejectedWithTheirOffset() throws IOException {
    Files.write(images, Arrays.copyOf(IMAGES, IMAGES.length + 1));
    assertEquals("idx file has trailing bytes: path=" + images + ", offset=28", failure());
  }

  @Test
  void aForeignFileIsRejectedByItsMagic() throws IOException {
    Files.writeString(images, "PNG or whatever it may be");
    assertEquals(
        "idx magic differs: path="
            + images
            + ", offset=0, expected=0x00000802..0x00000804, actual=0x504e4720",
        failure());
    Files.write(images, IMAGES);
    Files.write(labels, IMAGES);
    assertEquals(
        "idx magic differs: path=" + labels + ", offset=0, expected=0x00000801, actual=0x00000803",
        failure());
  }

  @Test
  void valuesThatAreNotUnsignedBytesAreRejected() throws IOException {
    Files.write(images, with(IMAGES, 2, 0x0d));
    assertTrue(failure().contains("actual=0x00000d03"));
  }

  @Test
  void sizesThatAreNotPositiveOrAbsurdAreRejectedWithoutAllocation() throws IOException {
    Files.write(images, with(IMAGES, 4, 0x80));
    assertEquals(
        "idx size is not positive: path=" + images + ", offset=4, size=-2147483645", failure());
    Files.write(images, with(IMAGES, 4, 0x7f));
    assertTrue(failure().startsWith("idx content too large"));
    Files.write(images, with(with(IMAGES, 8, 0x7f), 12, 0x7f));
    assertTrue(failure().startsWith("idx row too large"));
    // 2³⁰ + 3 rows of 1 byte in a file of 28 bytes.
    byte[] column = with(with(with(IMAGES, 4, 0x40), 11, 1), 15, 1);
    Files.write(images, column);
    assertTrue(failure().startsWith("idx file truncated"));
  }

  @Test
  void differentCountsOfImagesAndLabelsAreNamed() throws IOException {
    Files.write(labels, HexFormat.of().parseHex("00000801" + "00000002" + "0900"));
    assertTrue(failure().startsWith("idx image and label counts differ: images=3, labels=2"));
  }

  @Test
  void aLabelOutOfRangeIsNamedWithRowAndFile() {
    assertEquals(
        "label out of range: row=0, label=9, classes=9, path=" + labels,
        assertThrows(DatasetException.class, () -> read(9)).getMessage());
  }

  @Test
  void aMissingFileAndADirectoryAreNamed() throws IOException {
    Files.delete(labels);
    assertEquals("data file missing: path=" + labels, failure());
    Files.createDirectory(labels);
    assertEquals("data file is a directory: path=" + labels, failure());
  }
}
