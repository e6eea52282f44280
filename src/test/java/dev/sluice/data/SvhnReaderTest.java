package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvhnReaderTest {
  @TempDir Path base;

  /// The byte of row n, plane c, line y, column x.
  private static byte pixel(int n, int c, int y, int x) {
    return (byte) (101 * n + 57 * c + 7 * y + 3 * x);
  }

  private static byte[] images(int rows) {
    byte[] values = new byte[rows * 3072];
    int at = 0;
    for (int n = 0; n < rows; n++) {
      for (int c = 0; c < 3; c++) {
        for (int x = 0; x < 32; x++) {
          for (int y = 0; y < 32; y++) {
            values[at++] = pixel(n, c, y, x);
          }
        }
      }
    }
    return values;
  }

  private Path write(String name, int[] sizes, byte[] images, byte... labels) throws IOException {
    Files.createDirectories(base.resolve("svhn"));
    byte[] x = Mat.matrix("X", sizes, images);
    byte[] y = Mat.matrix("y", new int[] {labels.length, 1}, labels);
    return Files.write(base.resolve("svhn/" + name), new Mat().compressed(x).compressed(y).bytes());
  }

  @Test
  void picturesAreTurnedToLinesAndTenIsZero() throws IOException {
    write("train_32x32.mat", new int[] {32, 32, 3, 3}, images(3), (byte) 10, (byte) 1, (byte) 9);
    write("test_32x32.mat", new int[] {32, 32, 3}, images(1), (byte) 5);
    DataSplit split = DataSource.at(base).load("svhn");
    assertArrayEquals(new int[] {0, 1, 9}, Rows.labels(split.train()));
    assertArrayEquals(new int[] {5}, Rows.labels(split.test()));
    for (int n = 0; n < 3; n++) {
      byte[] row = ((ByteDataset) split.train()).rowBytes(n);
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < 32; y++) {
          for (int x = 0; x < 32; x++) {
            assertEquals(pixel(n, c, y, x), row[c * 1024 + y * 32 + x]);
          }
        }
      }
    }
    assertEquals(
        split.test().contentHash(),
        DataSource.at(base).loadTest("svhn:" + base.resolve("svhn")).contentHash());
  }

  @Test
  void shapesAndLabelsAreChecked() throws IOException {
    Path path = write("test_32x32.mat", new int[] {32, 32, 3, 2}, images(2), (byte) 1, (byte) 11);
    Complaint.of(() -> SvhnReader.read("t", path), "label out of range", "row=1", "actual=11");
    write("test_32x32.mat", new int[] {32, 32, 3, 2}, images(2), (byte) 1, (byte) 0);
    Complaint.of(() -> SvhnReader.read("t", path), "label out of range", "actual=0");
    write("test_32x32.mat", new int[] {32, 32, 3, 2}, images(2), (byte) 1);
    Complaint.of(
        () -> SvhnReader.read("t", path),
        "mat array has another shape",
        "array=X, expected=[32, 32, 3], actual=[32, 32, 3, 2]");
    write("test_32x32.mat", new int[] {3, 32, 32, 2}, images(2), (byte) 1, (byte) 2);
    Complaint.of(() -> SvhnReader.read("t", path), "mat array has another shape", "[3, 32, 32, 2]");
    Files.write(path, new Mat().bytes());
    Complaint.of(() -> SvhnReader.read("t", path), "mat file lacks an array", "expected=X");
  }
}
