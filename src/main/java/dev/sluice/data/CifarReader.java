package dev.sluice.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads batches of the binary versions of CIFAR-10 and CIFAR-100.
///
/// ```
/// record: u8 label · 1024 × u8 red · 1024 × u8 green · 1024 × u8 blue, each plane row-major 32×32
/// ```
///
/// A record of CIFAR-100 begins with two labels, u8 coarse, then u8 fine.
///
/// Features keep that order: `plane · 1024 + y · 32 + x`.
public final class CifarReader {
  public static final ImageShape SHAPE = new ImageShape(3, 32, 32);
  public static final int FEATURES = SHAPE.features();

  /// Which label of a record becomes the class.
  public enum Labels {
    /// The only one of CIFAR-10.
    TEN(1, 0, 10),
    /// The 20 superclasses of CIFAR-100.
    COARSE(2, 0, 20),
    /// The 100 classes of CIFAR-100.
    FINE(2, 1, 100);

    private final int labelBytes;
    private final int offsetBytes;
    private final int classes;

    Labels(int labelBytes, int offsetBytes, int classes) {
      this.labelBytes = labelBytes;
      this.offsetBytes = offsetBytes;
      this.classes = classes;
    }

    private int recordBytes() {
      return labelBytes + FEATURES;
    }
  }

  private CifarReader() {}

  /// Reads the rows of all `batches`, in that order.
  ///
  /// @throws DatasetException names path, offset, expected and actual
  public static ByteDataset read(String name, List<Path> batches, Labels layout) {
    long records = 0;
    for (Path batch : batches) {
      records += records(batch, layout.recordBytes());
    }
    if (records * FEATURES > Integer.MAX_VALUE - 8) {
      throw new DatasetException("cifar batches too large: records=" + records);
    }
    byte[] features = new byte[(int) records * FEATURES];
    byte[] labels = new byte[(int) records];
    int row = 0;
    for (Path batch : batches) {
      row = readBatch(batch, layout, features, labels, row);
    }
    if (row != labels.length) {
      throw new DatasetException(
          "cifar batches changed while being read: expectedRecords=" + records + ", actual=" + row);
    }
    return new ByteDataset(name, features, SHAPE, labels, layout.classes);
  }

  private static long records(Path batch, int recordBytes) {
    long bytes;
    try {
      bytes = Files.size(batch);
    } catch (IOException e) {
      throw DataFile.unreadable(batch, e);
    }
    if (bytes == 0 || bytes % recordBytes != 0) {
      throw new DatasetException(
          "cifar batch is not whole records: path="
              + batch
              + ", offset="
              + bytes / recordBytes * recordBytes
              + ", expectedBytes=a multiple of "
              + recordBytes
              + ", actualBytes="
              + bytes);
    }
    return bytes / recordBytes;
  }

  private static int readBatch(
      Path batch, Labels layout, byte[] features, byte[] labels, int firstRow) {
    int recordBytes = layout.recordBytes();
    try (DataFile file = DataFile.open(batch)) {
      int row = firstRow;
      byte[] record = file.read(recordBytes);
      while (record.length == recordBytes && row < labels.length) {
        int label = record[layout.offsetBytes] & 0xff;
        if (label >= layout.classes) {
          throw new DatasetException(
              "label out of range: row="
                  + (row - firstRow)
                  + ", label="
                  + label
                  + ", classes="
                  + layout.classes
                  + ", path="
                  + batch
                  + ", offset="
                  + (file.offset() - recordBytes + layout.offsetBytes));
        }
        labels[row] = (byte) label;
        System.arraycopy(record, layout.labelBytes, features, row * FEATURES, FEATURES);
        row++;
        record = file.read(recordBytes);
      }
      return row;
    }
  }
}
