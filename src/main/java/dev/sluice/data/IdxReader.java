package dev.sluice.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads IDX files of unsigned bytes, the format of MNIST, gzipped or not.
///
/// ```
/// offset 0   u8 0, u8 0, u8 type (0x08: unsigned byte), u8 number of dimensions d
///        4   d × i32 big-endian: sizes, rows first
///    4+4d    values, row-major
/// ```
public final class IdxReader {
  private static final int TYPE_UNSIGNED_BYTE = 0x08;
  private static final int MAGIC_BYTES = 4;

  /// @param sizes rows first
  private record Content(int[] sizes, int valuesPerRow, byte[] values) {
    int rows() {
      return sizes[0];
    }

    /// Of grey pictures alone: where further dimensions are, files differ in which of them are the channels.
    @Nullable ImageShape imageShape() {
      return sizes.length == 3 ? new ImageShape(1, sizes[1], sizes[2]) : null;
    }
  }

  private IdxReader() {}

  /// Reads images and their labels.
  ///
  /// @param images `(rows, …)` with 2 to 4 dimensions; a row's values become its features; with 3 they are grey pictures
  ///     ([ImageShape])
  /// @param labels `(rows)`
  /// @param classes labels must be below it; 0: one more than the largest label
  /// @throws DatasetException names path, offset, expected and actual
  public static ByteDataset read(String name, Path images, Path labels, int classes) {
    Content features = content(images, 2, 4);
    Content targets = content(labels, 1, 1);
    if (features.rows() != targets.rows()) {
      throw new DatasetException(
          "idx image and label counts differ: images="
              + features.rows()
              + ", labels="
              + targets.rows()
              + ", imagePath="
              + images
              + ", labelPath="
              + labels);
    }
    int bound = classes == 0 ? largest(targets.values) + 1 : classes;
    try {
      return new ByteDataset(
          name,
          features.values,
          features.valuesPerRow,
          features.imageShape(),
          targets.values,
          bound);
    } catch (DatasetException e) {
      throw new DatasetException(e.getMessage() + ", path=" + labels, e);
    }
  }

  private static int largest(byte[] labels) {
    int largest = 0;
    for (byte label : labels) {
      largest = Math.max(largest, label & 0xff);
    }
    return largest;
  }

  private static Content content(Path path, int minDimensions, int maxDimensions) {
    try (DataFile file = DataFile.open(path)) {
      int dimensions = readMagic(file, minDimensions, maxDimensions);
      int[] sizes = readSizes(file, dimensions);
      int valuesPerRow = valuesPerRow(file, sizes);
      long count = (long) sizes[0] * valuesPerRow;
      if (count > Integer.MAX_VALUE - 8) {
        throw new DatasetException(
            "idx content too large: path=" + path + ", offset=4, bytes=" + count);
      }
      long expectedBytes = file.offset() + count;
      byte[] values = file.read((int) count);
      if (values.length < count) {
        throw truncated(file, expectedBytes);
      }
      if (!file.atEnd()) {
        throw new DatasetException(
            "idx file has trailing bytes: path=" + path + ", offset=" + expectedBytes);
      }
      return new Content(sizes, valuesPerRow, values);
    }
  }

  private static int readMagic(DataFile file, int minDimensions, int maxDimensions) {
    byte[] magic = file.read(MAGIC_BYTES);
    if (magic.length < MAGIC_BYTES) {
      throw truncated(file, MAGIC_BYTES + 4L * minDimensions);
    }
    int dimensions = magic[3];
    if (magic[0] != 0
        || magic[1] != 0
        || magic[2] != TYPE_UNSIGNED_BYTE
        || dimensions < minDimensions
        || dimensions > maxDimensions) {
      throw new DatasetException(
          "idx magic differs: path="
              + file.path()
              + ", offset=0, expected="
              + expectedMagic(minDimensions, maxDimensions)
              + ", actual="
              + hex(ByteBuffer.wrap(magic).getInt()));
    }
    return dimensions;
  }

  private static String expectedMagic(int minDimensions, int maxDimensions) {
    String lowest = hex(TYPE_UNSIGNED_BYTE << 8 | minDimensions);
    return minDimensions == maxDimensions
        ? lowest
        : lowest + ".." + hex(TYPE_UNSIGNED_BYTE << 8 | maxDimensions);
  }

  private static String hex(int value) {
    return String.format(Locale.ROOT, "0x%08x", value);
  }

  private static int[] readSizes(DataFile file, int dimensions) {
    byte[] bytes = file.read(4 * dimensions);
    if (bytes.length < 4 * dimensions) {
      throw truncated(file, MAGIC_BYTES + 4L * dimensions);
    }
    int[] sizes = new int[dimensions];
    ByteBuffer.wrap(bytes).asIntBuffer().get(sizes);
    for (int i = 0; i < dimensions; i++) {
      if (sizes[i] < 1) {
        throw new DatasetException(
            "idx size is not positive: path="
                + file.path()
                + ", offset="
                + (MAGIC_BYTES + 4 * i)
                + ", size="
                + sizes[i]);
      }
    }
    return sizes;
  }

  private static int valuesPerRow(DataFile file, int[] sizes) {
    long product = 1;
    for (int i = 1; i < sizes.length; i++) {
      product *= sizes[i];
      if (product > Integer.MAX_VALUE) {
        throw new DatasetException(
            "idx row too large: path=" + file.path() + ", offset=8, values=" + product);
      }
    }
    return (int) product;
  }

  private static DatasetException truncated(DataFile file, long expectedBytes) {
    return new DatasetException(
        "idx file truncated: path="
            + file.path()
            + ", offset="
            + file.offset()
            + ", expectedBytes="
            + expectedBytes
            + ", actualBytes="
            + file.offset());
  }
}
