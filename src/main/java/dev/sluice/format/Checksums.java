package dev.sluice.format;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/// Checksums as metadata holds them: algorithm, colon, eight hexadecimal digits. They find damage, not malice.
///
/// Sluice writes CRC-32C, which processors compute at memory speed. It also reads CRC-32, the one that Python's standard
/// library has (`zlib.crc32`).
final class Checksums {
  private static final String WRITTEN = "crc32c";
  private static final Comparator<String> BY_CODE_POINT =
      (left, right) -> Arrays.compareUnsigned(utf8(left), utf8(right));

  private Checksums() {}

  static String of(MemorySegment data) {
    return of(WRITTEN, data);
  }

  /// The checksum of `data` by the algorithm of `expected`; it is equal to `expected` if nothing is damaged.
  ///
  /// @throws IllegalArgumentException if there is no such algorithm
  static String like(String expected, MemorySegment data) {
    return of(algorithmOf(expected), data);
  }

  /// The checksum of everything in a header but the places of tensors, which depend on who wrote the file: of metadata
  /// sorted by key, then of names, types and shapes sorted by name. Every part ends in a zero byte.
  ///
  /// ```
  /// "metadata" key value …  "tensor" name dtype "extent,extent,…" …
  /// ```
  static String ofHeader(Map<String, String> metadata, List<StoredTensor> tensors) {
    return ofHeader(WRITTEN, metadata, tensors);
  }

  static String ofHeaderLike(
      String expected, Map<String, String> metadata, List<StoredTensor> tensors) {
    return ofHeader(algorithmOf(expected), metadata, tensors);
  }

  private static String of(String algorithm, MemorySegment data) {
    Checksum checksum = create(algorithm);
    SegmentBuffers.<RuntimeException>forEach(data, (offset, buffer) -> checksum.update(buffer));
    return format(algorithm, checksum);
  }

  private static String ofHeader(
      String algorithm, Map<String, String> metadata, List<StoredTensor> tensors) {
    Checksum checksum = create(algorithm);
    metadata.keySet().stream()
        .sorted(BY_CODE_POINT)
        .forEach(key -> update(checksum, "metadata", key, metadata.getOrDefault(key, "")));
    tensors.stream()
        .sorted(Comparator.comparing(StoredTensor::name, BY_CODE_POINT))
        .forEach(
            tensor ->
                update(
                    checksum,
                    "tensor",
                    tensor.name(),
                    tensor.dtype().name(),
                    String.join(",", tensor.shape().stream().map(String::valueOf).toList())));
    return format(algorithm, checksum);
  }

  private static void update(Checksum checksum, String... parts) {
    for (String part : parts) {
      checksum.update(utf8(part));
      checksum.update(0);
    }
  }

  private static String algorithmOf(String expected) {
    int colon = expected.indexOf(':');
    return colon < 0 ? expected : expected.substring(0, colon);
  }

  private static Checksum create(String algorithm) {
    return switch (algorithm) {
      case "crc32c" -> new CRC32C();
      case "crc32" -> new CRC32();
      default ->
          throw new IllegalArgumentException(
              "unknown checksum algorithm: algorithm="
                  + Printable.of(algorithm)
                  + ", known=crc32c, crc32");
    };
  }

  private static String format(String algorithm, Checksum checksum) {
    return algorithm + ":" + HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
