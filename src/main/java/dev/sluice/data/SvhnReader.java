package dev.sluice.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// Reads the cropped digits of SVHN (Netzer et al. 2011): arrays `X` (32, 32, 3, rows), which holds
/// y, x, colour and row, y fastest, and `y` (rows, 1), in which 10 stands for the digit 0.
///
/// Features are those of CIFAR-10: `plane · 1024 + y · 32 + x`, red first.
final class SvhnReader {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int PLANES = 3;
  private static final int CLASSES = 10;

  private SvhnReader() {}

  static ByteDataset read(String name, Path path) {
    Map<String, MatFile.Array> arrays = MatFile.read(path);
    MatFile.Array images = array(arrays, "X", path);
    MatFile.Array labels = array(arrays, "y", path);
    int rows = labels.values().length;
    requireSizes(path, "y", new int[] {rows, 1}, labels.sizes());
    requireSizes(path, "X", imageSizes(rows), images.sizes());
    return new ByteDataset(
        name,
        rowMajor(images.values(), rows),
        new ImageShape(PLANES, SIDE, SIDE),
        classes(path, labels.values()),
        CLASSES);
  }

  private static MatFile.Array array(Map<String, MatFile.Array> arrays, String name, Path path) {
    MatFile.Array array = arrays.get(name);
    if (array == null) {
      throw new DatasetException(
          "mat file lacks an array: path="
              + path
              + ", expected="
              + name
              + ", actual="
              + arrays.keySet());
    }
    return array;
  }

  /// MATLAB drops a last dimension of 1.
  private static int[] imageSizes(int rows) {
    return rows == 1 ? new int[] {SIDE, SIDE, PLANES} : new int[] {SIDE, SIDE, PLANES, rows};
  }

  private static void requireSizes(Path path, String name, int[] expected, int[] actual) {
    if (!Arrays.equals(expected, actual)) {
      throw new DatasetException(
          "mat array has another shape: path="
              + path
              + ", array="
              + name
              + ", expected="
              + Arrays.toString(expected)
              + ", actual="
              + Arrays.toString(actual));
    }
  }

  private static byte[] rowMajor(byte[] columnMajor, int rows) {
    byte[] features = new byte[columnMajor.length];
    for (int plane = 0; plane < rows * PLANES; plane++) {
      int first = plane * PLANE;
      for (int x = 0; x < SIDE; x++) {
        for (int y = 0; y < SIDE; y++) {
          features[first + y * SIDE + x] = columnMajor[first + x * SIDE + y];
        }
      }
    }
    return features;
  }

  private static byte[] classes(Path path, byte[] labels) {
    byte[] classes = new byte[labels.length];
    for (int row = 0; row < labels.length; row++) {
      int label = labels[row] & 0xff;
      if (label < 1 || label > CLASSES) {
        throw new DatasetException(
            "label out of range: path="
                + path
                + ", row="
                + row
                + ", expected=1..10, actual="
                + label);
      }
      classes[row] = (byte) (label % CLASSES);
    }
    return classes;
  }
}
