package dev.sluice.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads batches of the CIFAR-10 binary version.
///
/// ```
/// record (3073 bytes): u8 label · 1024 × u8 red · 1024 × u8 green · 1024 × u8 blue, each plane row-major 32×32
/// ```
///
/// Features keep that order: `plane · 1024 + y · 32 + x`.
public final class CifarReader {
  public static final int CLASSES = 10;
  public static final ImageShape SHAPE = new ImageShape(3, 32, 32);
  public static final int FEATURES = SHAPE.features();

  private static final int RECORD_BYTES = 1 + FEATURES;

  private CifarReader() {}

  /// Reads the rows of all `batches`, in that order.
  ///
  /// @throws DatasetException names path, offset, expected and actual
  public static ByteDataset read(String name, List<Path> batches) {
    long records = 0;
    for (Path batch : batches) {
      records += records(batch);
    }
    if (records * FEATURES > Integer.MAX_VALUE - 8) {
      throw new DatasetException("cifar batches too large: records=" + records);
    }
    byte[] features = new byte[(int) records * FEATURES];
    byte[] labels = new byte[(int) records];
    int row = 0;
    for (Path batch : batches) {
      row = readBatch(batch, features, labels, row);
    }
    if (row != labels.length) {
      throw new DatasetException(
          "cifar batches changed while being read: expectedRecords=" + records + ", actual=" + row);
    }
    return new ByteDataset(name, features, SHAPE, labels, CLASSES);
  }

  private static long records(Path batch) {
    long bytes;
    try {
      bytes = Files.size(batch);
    } catch (IOException e) {
      throw DataFile.unreadable(batch, e);
    }
    if (bytes == 0 || bytes % RECORD_BYTES != 0) {
      throw new DatasetException(
          "cifar batch is not whole records: path="
              + batch
              + ", offset="
              + bytes / RECORD_BYTES * RECORD_BYTES
              + ", expectedBytes=a multiple of "
              + RECORD_BYTES
              + ", actualBytes="
              + bytes);
    }
    return bytes / RECORD_BYTES;
  }

  private static int readBatch(Path batch, byte[] features, byte[] labels, int firstRow) {
    try (DataFile file = DataFile.open(batch)) {
      int row = firstRow;
      byte[] record = file.read(RECORD_BYTES);
      while (record.length == RECORD_BYTES && row < labels.length) {
        int label = record[0] & 0xff;
        if (label >= CLASSES) {
          throw new DatasetException(
              "label out of range: row="
                  + (row - firstRow)
                  + ", label="
                  + label
                  + ", classes="
                  + CLASSES
                  + ", path="
                  + batch
                  + ", offset="
                  + (file.offset() - RECORD_BYTES));
        }
        labels[row] = (byte) label;
        System.arraycopy(record, 1, features, row * FEATURES, FEATURES);
        row++;
        record = file.read(RECORD_BYTES);
      }
      return row;
    }
  }
}
