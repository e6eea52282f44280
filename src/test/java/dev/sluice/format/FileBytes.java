package dev.sluice.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Safetensors files put together byte by byte, as an attacker or another program would.
final class FileBytes {
  private FileBytes() {}

  /// Length field, `header` as it is, data.
  static byte[] of(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return withLength(json.length, header, data);
  }

  /// The same with a length field that may lie.
  static byte[] withLength(long length, String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(json)
        .put(data)
        .array();
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /// As a new file: some file systems flush what is truncated and written again, which takes milliseconds.
  static Path write(Path folder, String name, byte[] bytes) throws IOException {
    Path path = folder.resolve(name);
    Files.deleteIfExists(path);
    return Files.write(path, bytes);
  }
}
