package dev.sluice.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// JSON (RFC 8259) for file headers and blueprints: small, strict, limited, for hostile text.
///
/// | JSON | Java |
/// |---|---|
/// | object | `Map<String, Object>` in the order of the text; a duplicate key is an error |
/// | array | `List<Object>` |
/// | string | `String`, well-formed: unpaired surrogates are an error |
/// | number | `Long` without fraction and exponent, else `Double`; out of range is an error |
/// | true, false | `Boolean` |
/// | null | [Null#NULL] |
///
/// Results are immutable. Errors are [FormatException]s that carry `offset=` in bytes of the UTF-8 text.
public final class Json {
  /// What stands for JSON's null, so that trees hold none of Java's.
  public enum Null {
    NULL
  }

  /// Objects and arrays inside one another.
  public static final int MAXIMUM_DEPTH = 64;

  /// Values in one document, which bounds the memory that a hostile one can claim.
  public static final int MAXIMUM_VALUES = 1 << 20;

  private Json() {}

  public static Object parse(String text) {
    return JsonParser.parse(encode(text), 0);
  }

  /// The text of a tree as above, without white space; `Integer` and `Float` are numbers too. A `Float` is written in the
  /// shortest form that a reader gets the same float from.
  ///
  /// @throws IllegalArgumentException for NaN, infinities, unpaired surrogates and other types
  public static String write(Object value) {
    StringBuilder text = new StringBuilder();
    JsonWriter.append(value, text);
    return text.toString();
  }

  /// @param baseOffsetBytes where `utf8` begins in its file
  static Object parse(byte[] utf8, long baseOffsetBytes) {
    return JsonParser.parse(utf8, baseOffsetBytes);
  }

  private static byte[] encode(String text) {
    CharBuffer characters = CharBuffer.wrap(text);
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(characters);
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      throw new FormatException(
          "text holds an unpaired surrogate: offset=" + characters.position(), e);
    }
  }
}
