package dev.sluice.format;

import dev.sluice.memory.AlignedMemory;
import java.util.List;
import java.util.Map;

/// What a safetensors file says about itself: metadata and the place of every tensor.
///
/// ```
///  byte 0        N, length of the header: u64, little-endian, at most 100 000 000
///  byte 8        header: JSON, UTF-8, begins with '{', padded with spaces to N bytes
///  byte 8+N      data section: the tensors one after another, no gap, no overlap, no byte after the last
/// ```
///
/// Files that Sluice writes have `8+N` and every tensor whose size allows it on a multiple of 64 bytes.
///
/// @param metadata the header's `__metadata__`, empty if there is none
/// @param tensors in the order of the data section
/// @param dataOffsetBytes where the data section begins in the file: 8+N
public record SafetensorsHeader(
    Map<String, String> metadata, List<TensorEntry> tensors, long dataOffsetBytes) {
  /// The key of the header that is not a tensor.
  static final String METADATA = "__metadata__";

  static final int LENGTH_BYTES = 8;

  /// The format's own limit.
  static final int MAXIMUM_HEADER_BYTES = 100_000_000;

  public SafetensorsHeader {
    tensors = List.copyOf(tensors);
  }

  /// Where `tensor` begins in the file.
  public long fileOffsetBytes(TensorEntry tensor) {
    return dataOffsetBytes + tensor.beginBytes();
  }

  /// Length of the whole file.
  public long fileBytes() {
    return dataOffsetBytes + (tensors.isEmpty() ? 0 : tensors.getLast().endBytes());
  }

  /// The header's length that lets the data section begin on a multiple of 64 bytes.
  static long paddedHeaderBytes(long jsonBytes) {
    return AlignedMemory.alignUp(LENGTH_BYTES + jsonBytes) - LENGTH_BYTES;
  }
}
