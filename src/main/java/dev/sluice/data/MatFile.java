package dev.sluice.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads the numeric arrays of a MATLAB level 5 MAT-file ("MAT-File Format", MathWorks), compressed
/// or not, little-endian.
///
/// ```
/// offset 0    116 bytes of text · 8 bytes subsystem · u16 version 0x0100 · "IM"
///      128    elements: u32 type, u32 bytes, content, padded to 8 inside a matrix
///             or, for up to 4 bytes: u16 type, u16 bytes, content padded to 4
/// type 15     zlib stream that holds one element
/// type 14     matrix: flags (u32 × 2, class in the lowest byte), dimensions (i32 …), name, values
/// ```
///
/// Strict: real arrays of whole numbers from 0 to 255, stored as bytes or doubles, at least two
/// dimensions; anything else is refused.
final class MatFile {
  /// @param sizes of the dimensions, the first of which varies fastest in `values`
  /// @param values unsigned
  record Array(int[] sizes, byte[] values) {}

  private static final int HEADER_BYTES = 128;
  private static final int VERSION = 0x0100;
  private static final int TYPE_INT8 = 1;
  private static final int TYPE_UINT8 = 2;
  private static final int TYPE_INT32 = 5;
  private static final int TYPE_UINT32 = 6;
  private static final int TYPE_DOUBLE = 9;
  private static final int TYPE_MATRIX = 14;
  private static final int TYPE_COMPRESSED = 15;
  private static final int CLASS_DOUBLE = 6;
  private static final int CLASS_UINT8 = 9;

  private static final int FLAG_COMPLEX = 0x0800;

  private static final int MAX_DIMENSIONS = 8;
  private static final int MAX_NAME_BYTES = 63;

  /// The head of an element.
  ///
  /// @param small the content is inside the 8 bytes of the head
  private record Tag(int type, long bytes, boolean small) {
    long padding() {
      return small ? 4 - bytes : -bytes & 7;
    }
  }

  private final DataFile file;
  private final BinaryFields fields;

  private MatFile(DataFile file) {
    this.file = file;
    this.fields = new BinaryFields(file, "mat");
  }

  /// All arrays of `path` by name.
  ///
  /// @throws DatasetException names path, offset, expected and actual
  static Map<String, Array> read(Path path) {
    Map<String, Array> arrays = new LinkedHashMap<>();
    try (DataFile file = DataFile.open(path)) {
      MatFile reader = new MatFile(file);
      reader.readHeader();
      while (!file.atEnd()) {
        reader.readElement(arrays);
      }
    }
    return arrays;
  }

  private void readHeader() {
    ByteBuffer header = fields.next(HEADER_BYTES);
    int version = header.getShort(124) & 0xffff;
    String endian = (char) header.get(126) + "" + (char) header.get(127);
    fields.require("mat version and byte order", VERSION + " IM", version + " " + endian);
  }

  private void readElement(Map<String, Array> arrays) {
    Tag tag = tag();
    if (tag.type == TYPE_COMPRESSED) {
      long start = file.offset();
      try (DataFile inflated = file.inflated(tag.bytes)) {
        MatFile inner = new MatFile(inflated);
        inner.readMatrix(inner.tag(), arrays);
        if (!inflated.atEnd()) {
          throw inner.fields.problem("mat element has trailing bytes", "one matrix", "more");
        }
      }
      fields.require("mat compressed length", tag.bytes, file.offset() - start);
    } else {
      readMatrix(tag, arrays);
    }
  }

  private void readMatrix(Tag matrix, Map<String, Array> arrays) {
    fields.require("mat element type (14: matrix)", TYPE_MATRIX, matrix.type);
    long start = file.offset();
    int arrayClass = readFlags();
    int[] sizes = readSizes();
    String name = readName();
    byte[] values = readValues(arrayClass, count(sizes));
    fields.require("mat matrix length", matrix.bytes, file.offset() - start);
    if (arrays.put(name, new Array(sizes, values)) != null) {
      throw fields.problem("mat array comes twice", "a name of its own", name);
    }
  }

  private int readFlags() {
    Tag tag = tag();
    fields.require("mat flags type", TYPE_UINT32, tag.type);
    fields.require("mat flags length", 8L, tag.bytes);
    int flags = fields.next(8).getInt();
    int arrayClass = flags & 0xff;
    if ((flags & FLAG_COMPLEX) != 0) {
      throw fields.problem("mat array is complex", "real", "complex");
    }
    if (arrayClass != CLASS_DOUBLE && arrayClass != CLASS_UINT8) {
      throw fields.problem("mat array class unknown", "6 (double) or 9 (uint8)", arrayClass);
    }
    return arrayClass;
  }

  private int[] readSizes() {
    Tag tag = tag();
    fields.require("mat dimensions type", TYPE_INT32, tag.type);
    if (tag.bytes % 4 != 0 || tag.bytes < 8 || tag.bytes > 4 * MAX_DIMENSIONS) {
      throw fields.problem(
          "mat dimensions length", "2.." + MAX_DIMENSIONS + " × 4 bytes", tag.bytes);
    }
    int[] sizes = new int[(int) tag.bytes / 4];
    content(tag).asIntBuffer().get(sizes);
    return sizes;
  }

  private int count(int[] sizes) {
    long count = 1;
    for (int size : sizes) {
      if (size < 1 || count * size > Integer.MAX_VALUE - 8) {
        throw fields.problem("mat dimension out of range", "1.. and 2³¹ values at most", size);
      }
      count *= size;
    }
    return (int) count;
  }

  private String readName() {
    Tag tag = tag();
    fields.require("mat name type", TYPE_INT8, tag.type);
    if (tag.bytes > MAX_NAME_BYTES) {
      throw fields.problem("mat name too long", "at most " + MAX_NAME_BYTES, tag.bytes);
    }
    return StandardCharsets.US_ASCII.decode(content(tag)).toString();
  }

  private byte[] readValues(int arrayClass, int count) {
    Tag tag = tag();
    // MATLAB stores the values of a double array as bytes if they fit.
    if (tag.type == TYPE_UINT8) {
      fields.require("mat values length", (long) count, tag.bytes);
      return values(tag);
    }
    if (arrayClass != CLASS_DOUBLE || tag.type != TYPE_DOUBLE) {
      throw fields.problem("mat values type", "2 (uint8), or 9 (double) of class 6", tag.type);
    }
    fields.require("mat values length", 8L * count, tag.bytes);
    return wholeNumbers(content(tag));
  }

  private byte[] wholeNumbers(ByteBuffer content) {
    byte[] values = new byte[content.remaining() / 8];
    for (int i = 0; i < values.length; i++) {
      double value = content.getDouble();
      if (!(value >= 0 && value <= 255) || value != Math.rint(value)) {
        throw fields.problem("mat value of index " + i + " is no byte", "0..255", value);
      }
      values[i] = (byte) value;
    }
    return values;
  }

  private Tag tag() {
    ByteBuffer tag = fields.next(4);
    int word = tag.getInt();
    if (word >>> 16 != 0) {
      int length = word >>> 16;
      if (length > 4) {
        throw fields.problem("mat small element too long", "1..4 bytes", length);
      }
      return new Tag(word & 0xffff, length, true);
    }
    return new Tag(word, fields.next(4).getInt() & 0xffffffffL, false);
  }

  private ByteBuffer content(Tag tag) {
    return ByteBuffer.wrap(values(tag)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] values(Tag tag) {
    if (tag.bytes > Integer.MAX_VALUE - 8) {
      throw fields.problem("mat element too large", "below 2³¹ bytes", tag.bytes);
    }
    byte[] values = fields.next((int) tag.bytes).array();
    fields.next((int) tag.padding());
    return values;
  }
}
