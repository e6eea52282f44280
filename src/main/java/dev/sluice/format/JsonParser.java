package dev.sluice.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One pass over the UTF-8 bytes of a document; see [Json] for what it makes of them.
final class JsonParser {
  /// Longer literals are legal JSON; nobody writes them but to keep a reader busy.
  private static final int LONGEST_NUMBER = 128;

  private final byte[] bytes;
  private final long baseOffsetBytes;
  private int position;
  private int values;

  private JsonParser(byte[] bytes, long baseOffsetBytes) {
    this.bytes = bytes;
    this.baseOffsetBytes = baseOffsetBytes;
  }

  /// @param baseOffsetBytes where `utf8` begins in the file, so that messages give offsets in the file
  static Object parse(byte[] utf8, long baseOffsetBytes) {
    JsonParser parser = new JsonParser(utf8, baseOffsetBytes);
    parser.requireUtf8();
    parser.skipWhiteSpace();
    Object value = parser.value(0);
    parser.skipWhiteSpace();
    if (parser.position < utf8.length) {
      throw parser.problem("text after the end of the document");
    }
    return value;
  }

  /// Once for the whole text; strings can then be decoded without looking at errors.
  private void requireUtf8() {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CharBuffer discarded = CharBuffer.allocate(8192);
    while (true) {
      var result = decoder.decode(input, discarded.clear(), true);
      if (result.isError()) {
        position = input.position();
        throw problem("text is not valid UTF-8");
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private Object value(int depth) {
    if (++values > Json.MAXIMUM_VALUES) {
      throw problem("document holds too many values: limit=" + Json.MAXIMUM_VALUES);
    }
    return switch (peek()) {
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", Json.Null.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw problem("expected a value");
    };
  }

  private Map<String, Object> object(int depth) {
    enter(depth);
    if (skip('}')) {
      return Map.of();
    }
    Map<String, Object> members = new LinkedHashMap<>();
    do {
      skipWhiteSpace();
      int keyPosition = position;
      String key = string();
      skipWhiteSpace();
      require(':');
      skipWhiteSpace();
      Object value = value(depth);
      if (members.put(key, value) != null) {
        position = keyPosition;
        throw problem("duplicate key: key=" + Printable.of(key));
      }
      skipWhiteSpace();
    } while (skip(','));
    require('}');
    return Collections.unmodifiableMap(members);
  }

  private List<Object> array(int depth) {
    enter(depth);
    if (skip(']')) {
      return List.of();
    }
    List<Object> elements = new ArrayList<>();
    do {
      skipWhiteSpace();
      elements.add(value(depth));
      skipWhiteSpace();
    } while (skip(','));
    require(']');
    return List.copyOf(elements);
  }

  private void enter(int depth) {
    if (depth > Json.MAXIMUM_DEPTH) {
      throw problem("document is nested too deeply: limit=" + Json.MAXIMUM_DEPTH);
    }
    position++;
    skipWhiteSpace();
  }

  private String string() {
    require('"');
    int from = position;
    StringBuilder decoded = null;
    while (peek() != '"') {
      int character = peek();
      if (character < 0x20) {
        throw problem("control character in a string");
      }
      if (character == '\\') {
        decoded = decoded == null ? new StringBuilder() : decoded;
        decoded.append(text(from));
        appendEscape(decoded);
        from = position;
      } else {
        position++;
      }
    }
    String rest = text(from);
    position++;
    return decoded == null ? rest : decoded.append(rest).toString();
  }

  private String text(int from) {
    return new String(bytes, from, position - from, StandardCharsets.UTF_8);
  }

  private void appendEscape(StringBuilder decoded) {
    position++;
    int character = peek();
    int plain = "\"\\/bfnrt".indexOf(character);
    if (plain >= 0) {
      position++;
      decoded.append("\"\\/\b\f\n\r\t".charAt(plain));
    } else if (character == 'u') {
      appendCodePoint(decoded);
    } else {
      throw problem("unknown escape in a string");
    }
  }

  private void appendCodePoint(StringBuilder decoded) {
    int start = position - 1;
    char first = codeUnit();
    decoded.append(first);
    if (!Character.isSurrogate(first)) {
      return;
    }
    if (Character.isHighSurrogate(first) && skip('\\') && peek() == 'u') {
      char second = codeUnit();
      if (Character.isLowSurrogate(second)) {
        decoded.append(second);
        return;
      }
    }
    position = start;
    throw problem("unpaired surrogate in a string");
  }

  /// The four digits behind `u`.
  private char codeUnit() {
    position++;
    int unit = 0;
    for (int digit = 0; digit < 4; digit++) {
      int value = Character.digit(peek(), 16);
      if (value < 0) {
        throw problem("expected a hexadecimal digit");
      }
      unit = unit << 4 | value;
      position++;
    }
    return (char) unit;
  }

  private Object number() {
    int from = position;
    skip('-');
    if (!skip('0')) {
      requireDigits();
    }
    boolean whole = true;
    if (skip('.')) {
      whole = false;
      requireDigits();
    }
    if (skip('e') || skip('E')) {
      whole = false;
      if (!skip('+')) {
        skip('-');
      }
      requireDigits();
    }
    return numberValue(from, whole);
  }

  private Object numberValue(int from, boolean whole) {
    int length = position - from;
    if (length > LONGEST_NUMBER) {
      position = from;
      throw problem("number is too long: length=" + length + ", limit=" + LONGEST_NUMBER);
    }
    String literal = text(from);
    if (!whole) {
      double number = Double.parseDouble(literal);
      if (Double.isInfinite(number)) {
        position = from;
        throw problem("number is out of range: number=" + literal);
      }
      return number;
    }
    try {
      return Long.parseLong(literal);
    } catch (NumberFormatException e) {
      position = from;
      throw problem("whole number exceeds 64 bits: number=" + literal);
    }
  }

  private void requireDigits() {
    int from = position;
    while (position < bytes.length && bytes[position] >= '0' && bytes[position] <= '9') {
      position++;
    }
    if (position == from) {
      throw problem("expected a digit");
    }
  }

  private Object literal(String literal, Object value) {
    for (int index = 0; index < literal.length(); index++) {
      require(literal.charAt(index));
    }
    return value;
  }

  private void skipWhiteSpace() {
    while (position < bytes.length
        && (bytes[position] == ' '
            || bytes[position] == '\n'
            || bytes[position] == '\r'
            || bytes[position] == '\t')) {
      position++;
    }
  }

  private int peek() {
    if (position >= bytes.length) {
      throw problem("document ends too early");
    }
    return bytes[position] & 0xff;
  }

  private boolean skip(char expected) {
    if (position < bytes.length && bytes[position] == expected) {
      position++;
      return true;
    }
    return false;
  }

  private void require(char expected) {
    if (peek() != expected) {
      throw problem("expected '" + expected + "'");
    }
    position++;
  }

  private FormatException problem(String problem) {
    return new FormatException(
        problem + (problem.contains("=") ? ", " : ": ") + "offset=" + (baseOffsetBytes + position));
  }
}
