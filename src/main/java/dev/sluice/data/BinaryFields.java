package dev.sluice.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The little-endian fields of a binary file, and what is said of one that is not as it should be.
///
/// @param format for messages: `mat`
record BinaryFields(DataFile file, String format) {
  /// The next `count` bytes.
  ///
  /// @throws DatasetException if there are fewer
  ByteBuffer next(int count) {
    byte[] bytes = file.read(count);
    if (bytes.length < count) {
      throw problem(format + " file truncated", count + " bytes", bytes.length);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// @param what the field
  void require(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw problem(what + " differs", expected, actual);
    }
  }

  DatasetException problem(String what, Object expected, Object actual) {
    return new DatasetException(
        what
            + ": path="
            + file.path()
            + ", offset="
            + file.position()
            + ", expected="
            + expected
            + ", actual="
            + actual);
  }
}
