package dev.sluice.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From the header's bytes to a [SafetensorsHeader] whose every number is proven.
final class HeaderParser {
  private static final Comparator<TensorEntry> BY_PLACE =
      Comparator.comparingLong(TensorEntry::beginBytes).thenComparingLong(TensorEntry::endBytes);

  private HeaderParser() {}

  /// @param header the bytes from offset 8, as many as the length field says
  /// @param fileBytes length of the whole file, which the tensors must fill exactly
  static SafetensorsHeader parse(FileOrigin origin, byte[] header, long fileBytes) {
    requireJsonStart(origin, header);
    SafetensorsHeader parsed;
    try {
      byte[] json = withoutPadding(header);
      Object tree = Json.parse(json, SafetensorsHeader.LENGTH_BYTES);
      parsed = header(JsonObject.of("header", tree), header.length);
    } catch (FormatException e) {
      throw origin.problem("has a damaged header", e);
    }
    requireLength(origin, parsed, fileBytes);
    return parsed;
  }

  private static void requireJsonStart(FileOrigin origin, byte[] header) {
    if (header.length == 0 || header[0] != '{') {
      String actual = header.length == 0 ? "nothing" : "0x" + HexFormat.of().toHexDigits(header[0]);
      throw origin.problem(
          "is not safetensors",
          "offset=" + SafetensorsHeader.LENGTH_BYTES + ", expected='{', actual=" + actual);
    }
  }

  /// Only spaces pad; other white space at the end is damage.
  private static byte[] withoutPadding(byte[] header) {
    int length = header.length;
    while (header[length - 1] == ' ') {
      length--;
    }
    if (header[length - 1] != '}') {
      long offsetBytes = SafetensorsHeader.LENGTH_BYTES + length - 1L;
      throw new FormatException(
          "text after the header: offset="
              + offsetBytes
              + ", expected='}' and spaces, actual=0x"
              + HexFormat.of().toHexDigits(header[length - 1]));
    }
    return Arrays.copyOf(header, length);
  }

  private static SafetensorsHeader header(JsonObject tree, int headerBytes) {
    Map<String, String> metadata = Map.of();
    List<TensorEntry> tensors = new ArrayList<>();
    for (String key : tree.keys()) {
      if (key.equals(SafetensorsHeader.METADATA)) {
        metadata = metadata(tree.object(key));
      } else {
        tensors.add(entry(key, tree.object(key)));
      }
    }
    tensors.sort(BY_PLACE);
    requireContiguous(tensors);
    long dataOffsetBytes = SafetensorsHeader.LENGTH_BYTES + (long) headerBytes;
    return new SafetensorsHeader(metadata, tensors, dataOffsetBytes);
  }

  private static Map<String, String> metadata(JsonObject object) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String key : object.keys()) {
      String value = object.string(key);
      if (!Printable.isName(key) || !Printable.isValue(value)) {
        throw object.problem("control character", key, "value=" + Printable.of(value));
      }
      metadata.put(key, value);
    }
    return Collections.unmodifiableMap(metadata);
  }

  private static TensorEntry entry(String name, JsonObject object) {
    object.requireOnly("dtype", "shape", "data_offsets");
    if (!Printable.isName(name)) {
      throw object.problem("empty name or control character", "name=" + Printable.of(name));
    }
    DType dtype = object.valid("dtype", () -> DType.ofName(object.string("dtype")));
    List<Long> shape = object.wholeNumbers("shape");
    long expectedBytes = object.valid("shape", () -> TensorEntry.requiredBytes(dtype, shape));
    List<Long> offsets = object.wholeNumbers("data_offsets");
    if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
      throw object.problem(
          "bad offsets",
          "data_offsets",
          "expected=[begin, end], actual=" + Printable.of(offsets.toString()));
    }
    TensorEntry entry = new TensorEntry(name, dtype, shape, offsets.get(0), offsets.get(1));
    if (entry.bytes() != expectedBytes) {
      throw object.problem(
          "offsets differ from shape",
          "data_offsets",
          "dtype="
              + dtype
              + ", shape="
              + Printable.of(shape.toString())
              + ", expectedBytes="
              + expectedBytes
              + ", actualBytes="
              + entry.bytes());
    }
    return entry;
  }

  private static void requireContiguous(List<TensorEntry> tensors) {
    long expected = 0;
    for (TensorEntry tensor : tensors) {
      if (tensor.beginBytes() != expected) {
        throw new FormatException(
            (tensor.beginBytes() < expected ? "tensors overlap" : "gap between tensors")
                + ": tensor="
                + Printable.of(tensor.name())
                + ", expectedBegin="
                + expected
                + ", actualBegin="
                + tensor.beginBytes());
      }
      expected = tensor.endBytes();
    }
  }

  private static void requireLength(FileOrigin origin, SafetensorsHeader header, long fileBytes) {
    long dataBytes = header.tensors().isEmpty() ? 0 : header.tensors().getLast().endBytes();
    long actualBytes = fileBytes - header.dataOffsetBytes();
    if (dataBytes != actualBytes) {
      // unsigned: a hostile end may push the sum past 63 bits
      String expected = Long.toUnsignedString(header.dataOffsetBytes() + dataBytes);
      throw origin.problem(
          dataBytes > actualBytes ? "truncated" : "has trailing bytes",
          "expectedBytes=" + expected + ", actualBytes=" + fileBytes);
    }
  }
}
