package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Classification rows kept as unsigned bytes, a quarter of their size as f32: images. Feature =
/// byte / 255.
public final class ByteDataset implements Dataset {
  /// (float) v / 255, correctly rounded, as NumPy's float32 division gives it.
  private static final float[] FEATURE_OF_BYTE = featureOfByte();

  private final String name;
  private final byte[] bytes;
  private final int features;
  private final byte[] labels;
  private final int classes;
  private final @Nullable ImageShape imageShape;
  private volatile @Nullable String contentHash;

  /// The arrays become the dataset's own: they are not copied, and must not be written afterwards.
  ///
  /// @param bytes row-major, `labels.length · features` values
  /// @param labels one class index per row, unsigned
  /// @throws DatasetException if a label is not below `classes`
  /// @throws IllegalArgumentException if the lengths do not fit
  public ByteDataset(String name, byte[] bytes, int features, byte[] labels, int classes) {
    this(name, bytes, features, null, labels, classes);
  }

  /// The same for rows that are pictures.
  ///
  /// @throws IllegalArgumentException if the lengths do not fit
  public ByteDataset(String name, byte[] bytes, ImageShape shape, byte[] labels, int classes) {
    this(name, bytes, shape.features(), shape, labels, classes);
  }

  ByteDataset(
      String name,
      byte[] bytes,
      int features,
      @Nullable ImageShape imageShape,
      byte[] labels,
      int classes) {
    RowChecks.shape(features, classes);
    if (classes < 1 || classes > 256) {
      throw new IllegalArgumentException(
          "classes of byte labels out of range: classes=" + classes + ", max=256");
    }
    if (bytes.length != (long) labels.length * features) {
      throw new IllegalArgumentException(
          "feature bytes differ from rows: expected="
              + (long) labels.length * features
              + ", actual="
              + bytes.length);
    }
    for (int row = 0; row < labels.length; row++) {
      RowChecks.label(row, labels[row] & 0xff, classes);
    }
    this.name = name;
    this.bytes = bytes;
    this.features = features;
    this.labels = labels;
    this.classes = classes;
    this.imageShape = imageShape;
  }

  private static float[] featureOfByte() {
    float[] table = new float[256];
    for (int value = 0; value < 256; value++) {
      table[value] = value / 255f;
    }
    return table;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rows() {
    return labels.length;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int targets() {
    return 0;
  }

  @Override
  public Optional<ImageShape> imageShape() {
    return Optional.ofNullable(imageShape);
  }

  @Override
  public void copyFeatures(int row, MemorySegment destination, long offsetBytes) {
    RowChecks.row(row, labels.length);
    RowChecks.destination(destination, offsetBytes, features);
    int first = row * features;
    for (int k = 0; k < features; k++) {
      destination.set(
          RowChecks.FEATURE, offsetBytes + 4L * k, FEATURE_OF_BYTE[bytes[first + k] & 0xff]);
    }
  }

  /// The stored bytes of `row`, for instance to draw it.
  public byte[] rowBytes(int row) {
    RowChecks.row(row, labels.length);
    byte[] copy = new byte[features];
    System.arraycopy(bytes, row * features, copy, 0, features);
    return copy;
  }

  @Override
  public int label(int row) {
    RowChecks.row(row, labels.length);
    return labels[row] & 0xff;
  }

  @Override
  public void copyTargets(int row, float[] destination) {
    throw RowChecks.noTargets(this);
  }

  /// Hash of the line `u8 rows features classes`, the feature bytes and the label bytes.
  @Override
  public String contentHash() {
    String hash = contentHash;
    if (hash == null) {
      hash =
          new ContentHash("u8 " + rows() + " " + features + " " + classes)
              .add(bytes)
              .add(labels)
              .hex();
      contentHash = hash;
    }
    return hash;
  }
}
