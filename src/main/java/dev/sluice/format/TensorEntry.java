package dev.sluice.format;

import java.util.List;

/// One tensor as a header describes it.
///
/// @param beginBytes first byte, counted from the start of the data section
/// @param endBytes one past the last byte; `endBytes - beginBytes` is what `dtype` and `shape` need
public record TensorEntry(
    String name, DType dtype, List<Long> shape, long beginBytes, long endBytes) {
  public TensorEntry {
    shape = List.copyOf(shape);
  }

  public long bytes() {
    return endBytes - beginBytes;
  }

  /// Bytes that a tensor takes, 0 if any extent is 0; an empty shape is one element.
  ///
  /// @throws IllegalArgumentException for negative extents and for sizes past 63 bits
  static long requiredBytes(DType dtype, List<Long> shape) {
    try {
      long bytes = dtype.bytes();
      for (long extent : shape) {
        if (extent < 0) {
          throw new IllegalArgumentException("tensor has a negative extent: shape=" + shape);
        }
        bytes = Math.multiplyExact(bytes, extent);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor size exceeds 63 bits: dtype=" + dtype + ", shape=" + shape, e);
    }
  }
}
