package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatFileTest {
  private static final int[] TWO_BY_THREE = {2, 3};
  private static final byte[] SIX = {1, 2, 3, 4, (byte) 250, 6};

  @TempDir Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("a.mat"), content);
  }

  private void refused(byte[] element, String begin, String... parts) throws IOException {
    for (Mat mat : List.of(new Mat().plain(element), new Mat().compressed(element))) {
      Path path = file(mat.bytes());
      Complaint.of(() -> MatFile.read(path), begin, (Object[]) parts);
      Complaint.of(() -> MatFile.read(path), begin, "path=" + path, "offset=");
    }
  }

  @Test
  void arraysAreReadCompressedOrNot() throws IOException {
    byte[] first = Mat.matrix("first", TWO_BY_THREE, SIX);
    byte[] second = Mat.matrix("y", new int[] {2, 1, 1}, new double[] {0, 255});
    // Class double, stored as bytes in the short form.
    byte[] third = Mat.matrix(6, "z", new int[] {3, 1}, 2, new byte[] {9, 8, 7});
    Map<String, MatFile.Array> arrays =
        MatFile.read(file(new Mat().compressed(first).plain(second).compressed(third).bytes()));
    assertEquals(List.of("first", "y", "z"), List.copyOf(arrays.keySet()));
    assertArrayEquals(TWO_BY_THREE, arrays.get("first").sizes());
    assertArrayEquals(SIX, arrays.get("first").values());
    assertArrayEquals(new byte[] {0, -1}, arrays.get("y").values());
    assertArrayEquals(new byte[] {9, 8, 7}, arrays.get("z").values());
    assertEquals(Map.of(), MatFile.read(file(new Mat().bytes())));
  }

  @Test
  void arraysOfAnotherKindAreRefused() throws IOException {
    refused(Mat.matrix(7, "x", TWO_BY_THREE, 7, SIX), "mat array class unknown", "actual=7");
    refused(Mat.matrix(9 | 0x0800, "x", TWO_BY_THREE, 2, SIX), "mat array is complex");
    refused(Mat.matrix(9, "x", TWO_BY_THREE, 1, SIX), "mat values type", "actual=1");
    refused(
        Mat.matrix("x", new int[] {2, 4}, SIX),
        "mat values length differs",
        "expected=8, actual=6");
    refused(Mat.matrix("x", new int[] {6}, SIX), "mat dimensions", "actual=");
    refused(Mat.matrix("x", new int[] {-2, 3}, SIX), "mat dimension out of range", "actual=-2");
    refused(Mat.matrix("x", new int[] {65536, 65536}, SIX), "mat dimension out of range");
    refused(
        Mat.matrix("x", new int[] {1, 2}, new double[] {1, 0.5}),
        "mat value of index 1 is no byte");
    refused(Mat.matrix("x", new int[] {1, 1}, new double[] {256}), "mat value of index 0");
    refused(Mat.matrix("x", new int[] {1, 1}, new double[] {Double.NaN}), "mat value of index 0");
    refused(Mat.matrix("n".repeat(64), TWO_BY_THREE, SIX), "mat name too long", "actual=64");
  }

  @Test
  void anArrayThatComesTwiceIsRefused() throws IOException {
    byte[] array = Mat.matrix("x", TWO_BY_THREE, SIX);
    Path path = file(new Mat().plain(array).compressed(array).bytes());
    Complaint.of(() -> MatFile.read(path), "mat array comes twice", "actual=x");
  }

  @Test
  void anotherVersionOrByteOrderIsRefused() throws IOException {
    byte[] mat = new Mat().bytes();
    mat[126] = 'M';
    mat[127] = 'I';
    Path path = file(mat);
    Complaint.of(() -> MatFile.read(path), "mat version and byte order differs", "256 MI");
    // Version 7.3 is HDF5.
    byte[] hdf5 = new Mat().bytes();
    hdf5[125] = 2;
    Path other = file(hdf5);
    Complaint.of(() -> MatFile.read(other), "mat version and byte order differs", "512 IM");
  }

  @Test
  void everyCutIsNoticed() throws IOException {
    byte[] array = Mat.matrix("x", TWO_BY_THREE, SIX);
    for (Mat mat : List.of(new Mat().plain(array), new Mat().compressed(array))) {
      byte[] whole = mat.bytes();
      for (int length = 0; length < whole.length; length++) {
        if (length != 128) {
          Path cut = file(Arrays.copyOf(whole, length));
          Complaint.of(() -> MatFile.read(cut), "", "truncated: path=" + cut, "offset=");
        }
      }
    }
  }

  /// Whatever the bytes, the answer is an array or a complaint.
  @Test
  void alteredBytesAreReadOrRefused() throws IOException {
    byte[] array = Mat.matrix("x", TWO_BY_THREE, SIX);
    byte[] whole = new Mat().plain(array).compressed(Mat.matrix("y", TWO_BY_THREE, SIX)).bytes();
    int refused = 0;
    Random random = new Random(11);
    for (int run = 0; run < 3000; run++) {
      byte[] altered = whole.clone();
      altered[124 + random.nextInt(whole.length - 124)] = (byte) random.nextInt(256);
      Path path = file(altered);
      try {
        MatFile.read(path);
      } catch (DatasetException e) {
        assertTrue(e.getMessage().contains("path=" + path), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 1500, "refused " + refused);
  }
}
