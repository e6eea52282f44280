package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The checked shell of every dataset: one wording for rows, labels and destinations that do not
/// fit.
final class RowChecks {
  /// Unaligned, as a caller may pack rows behind a header of any length.
  static final ValueLayout.OfFloat FEATURE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RowChecks() {}

  static void row(int row, int rows) {
    if (row < 0 || row >= rows) {
      throw new IndexOutOfBoundsException("row out of range: row=" + row + ", rows=" + rows);
    }
  }

  static void destination(MemorySegment destination, long offsetBytes, int features) {
    long neededBytes = 4L * features;
    if (offsetBytes < 0 || destination.byteSize() - neededBytes < offsetBytes) {
      throw new IllegalArgumentException(
          "destination too small for a row: offsetBytes="
              + offsetBytes
              + ", neededBytes="
              + neededBytes
              + ", actualBytes="
              + destination.byteSize());
    }
  }

  static void label(int row, int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new DatasetException(
          "label out of range: row=" + row + ", label=" + label + ", classes=" + classes);
    }
  }

  static void shape(int features, int classes) {
    if (features < 1 || classes < 0) {
      throw new IllegalArgumentException(
          "dataset shape is not positive: features=" + features + ", classes=" + classes);
    }
  }

  static UnsupportedOperationException noTargets(Dataset dataset) {
    return new UnsupportedOperationException(
        "classification set has labels, not targets: name=" + dataset.name());
  }

  static UnsupportedOperationException noLabels(Dataset dataset) {
    return new UnsupportedOperationException(
        "regression set has targets, not labels: name=" + dataset.name());
  }
}
