package dev.sluice.format;

import dev.sluice.memory.AlignedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// From tensors and metadata to the first bytes of a file.
final class HeaderWriter {
  private HeaderWriter() {}

  /// The order of the data section: tensors of whole cache lines first, so that all of them are aligned; else as given.
  static List<StoredTensor> inFileOrder(List<StoredTensor> tensors) {
    List<StoredTensor> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparing(tensor -> !isWholeLines(tensor)));
    return ordered;
  }

  private static boolean isWholeLines(StoredTensor tensor) {
    return tensor.data().byteSize() % AlignedMemory.ALIGNMENT_BYTES == 0;
  }

  /// Length field, JSON and padding. Metadata is sorted by key, so that equal content is equal bytes.
  ///
  /// @throws IllegalArgumentException for what a reader would refuse: duplicate names, control characters, a header past
  ///     the format's limit
  static byte[] bytes(FileOrigin origin, Map<String, String> metadata, List<StoredTensor> ordered) {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
    }
    long offsetBytes = 0;
    for (StoredTensor tensor : ordered) {
      long endBytes = Math.addExact(offsetBytes, tensor.data().byteSize());
      if (header.put(tensor.name(), entry(tensor, offsetBytes, endBytes)) != null) {
        throw new IllegalArgumentException("tensor name is not unique: name=" + tensor.name());
      }
      offsetBytes = endBytes;
    }
    byte[] bytes = padded(Json.write(header).getBytes(StandardCharsets.UTF_8));
    requireReadable(origin, bytes, offsetBytes);
    return bytes;
  }

  private static Map<String, Object> entry(StoredTensor tensor, long beginBytes, long endBytes) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("dtype", tensor.dtype().name());
    entry.put("shape", tensor.shape());
    entry.put("data_offsets", List.of(beginBytes, endBytes));
    return entry;
  }

  private static byte[] padded(byte[] json) {
    long headerBytes = SafetensorsHeader.paddedHeaderBytes(json.length);
    if (headerBytes > SafetensorsHeader.MAXIMUM_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "header exceeds the format's limit: headerBytes="
              + headerBytes
              + ", limitBytes="
              + SafetensorsHeader.MAXIMUM_HEADER_BYTES);
    }
    ByteBuffer buffer =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + (int) headerBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(headerBytes).put(json);
    while (buffer.hasRemaining()) {
      buffer.put((byte) ' ');
    }
    return buffer.array();
  }

  /// The reader's own checks are the definition of what may be written.
  private static void requireReadable(FileOrigin origin, byte[] bytes, long dataBytes) {
    byte[] header = Arrays.copyOfRange(bytes, SafetensorsHeader.LENGTH_BYTES, bytes.length);
    try {
      HeaderParser.parse(origin, header, Math.addExact(bytes.length, dataBytes));
    } catch (FormatException e) {
      throw new IllegalArgumentException("tensors cannot be written: " + e.getMessage(), e);
    }
  }
}
