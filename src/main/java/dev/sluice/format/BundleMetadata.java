package dev.sluice.format;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Sluice's own entries in the metadata of a [TensorBundle]: composed when writing, proven when reading.
final class BundleMetadata {
  private static final String FORMAT = "1";
  private static final String FORMAT_KEY = "sluice.format";
  private static final String KIND_KEY = "sluice.kind";
  private static final String HEADER_CHECKSUM_KEY = "sluice.headerChecksum";
  private static final String CHECKSUM_PREFIX = "sluice.checksum.";

  private BundleMetadata() {}

  /// The caller's entries and Sluice's own.
  ///
  /// @throws IllegalArgumentException for reserved keys and control characters
  static Map<String, String> compose(
      String kind, Map<String, String> callers, List<StoredTensor> tensors) {
    callers.forEach(BundleMetadata::requireWritable);
    Map<String, String> all = new HashMap<>(callers);
    all.put(FORMAT_KEY, FORMAT);
    all.put(KIND_KEY, kind);
    for (StoredTensor tensor : tensors) {
      all.put(CHECKSUM_PREFIX + tensor.name(), Checksums.of(tensor.data()));
    }
    all.put(HEADER_CHECKSUM_KEY, Checksums.ofHeader(all, tensors));
    return all;
  }

  /// The caller's entries alone.
  static Map<String, String> withoutReserved(Map<String, String> all) {
    return all.entrySet().stream()
        .filter(entry -> !isReserved(entry.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Version, kind and all checksums.
  static void prove(FileOrigin origin, String kind, SafetensorsFile file) {
    Map<String, String> metadata = file.header().metadata();
    proveKind(origin, kind, metadata);
    try {
      proveChecksums(origin, metadata, file.tensors());
    } catch (IllegalArgumentException e) {
      throw origin.problem("has an unknown checksum", e);
    }
  }

  private static boolean isReserved(String key) {
    return key.equals(FORMAT_KEY)
        || key.equals(KIND_KEY)
        || key.equals(HEADER_CHECKSUM_KEY)
        || key.startsWith(CHECKSUM_PREFIX);
  }

  private static void requireWritable(String key, String value) {
    if (isReserved(key)) {
      throw new IllegalArgumentException("metadata key is reserved: key=" + key);
    }
    if (!Printable.isName(key) || !Printable.isValue(value)) {
      throw new IllegalArgumentException(
          "metadata has an empty key or control characters: key="
              + Printable.of(key)
              + ", value="
              + Printable.of(value));
    }
  }

  private static void proveKind(FileOrigin origin, String kind, Map<String, String> metadata) {
    String format = metadata.get(FORMAT_KEY);
    if (format == null) {
      throw origin.problem("is safetensors, but not written by Sluice", "missing=" + FORMAT_KEY);
    }
    if (!format.equals(FORMAT)) {
      throw new FormatException(
          "unsupported "
              + kind
              + " format: path="
              + origin.path()
              + ", expected="
              + FORMAT
              + ", actual="
              + Printable.of(format));
    }
    String actualKind = required(origin, metadata, KIND_KEY);
    if (!actualKind.equals(kind)) {
      throw origin.problem(
          "is of another kind", "expected=" + kind + ", actual=" + Printable.of(actualKind));
    }
  }

  /// The header's first: the tensors' own checksums are in it.
  private static void proveChecksums(
      FileOrigin origin, Map<String, String> metadata, List<StoredTensor> tensors) {
    String ofHeader = required(origin, metadata, HEADER_CHECKSUM_KEY);
    Map<String, String> covered = new HashMap<>(metadata);
    covered.remove(HEADER_CHECKSUM_KEY);
    proveEqual(origin, "header", ofHeader, Checksums.ofHeaderLike(ofHeader, covered, tensors));
    for (StoredTensor tensor : tensors) {
      String expected = required(origin, metadata, CHECKSUM_PREFIX + tensor.name());
      String actual = Checksums.like(expected, tensor.data());
      proveEqual(origin, "tensor " + tensor.name(), expected, actual);
    }
  }

  private static String required(FileOrigin origin, Map<String, String> metadata, String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw origin.problem("lacks metadata", "missing=" + key);
    }
    return value;
  }

  private static void proveEqual(FileOrigin origin, String part, String expected, String actual) {
    if (!expected.equals(actual)) {
      throw origin.problem(
          "is damaged",
          "part=" + part + ", expected=" + Printable.of(expected) + ", actual=" + actual);
    }
  }
}
