package dev.sluice.format;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Trees of [Json] as text.
final class JsonWriter {
  private JsonWriter() {}

  static void append(Object value, StringBuilder text) {
    switch (value) {
      case Map<?, ?> map -> appendMap(map, text);
      case List<?> list -> appendList(list, text);
      case String string -> appendString(string, text);
      case Boolean flag -> text.append(flag);
      case Long number -> text.append(number);
      case Integer number -> text.append(number);
      case Double number -> text.append(literal(number));
      case Float number -> text.append(literal(number));
      case Json.Null ignored -> text.append("null");
      default ->
          throw new IllegalArgumentException(
              "value has no form in JSON: type=" + value.getClass().getName());
    }
  }

  private static void appendMap(Map<?, ?> map, StringBuilder text) {
    text.append('{');
    String separator = "";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!(member.getKey() instanceof String key)) {
        throw new IllegalArgumentException("key is not a string: key=" + member.getKey());
      }
      text.append(separator);
      appendString(key, text);
      text.append(':');
      append(member.getValue(), text);
      separator = ",";
    }
    text.append('}');
  }

  private static void appendList(List<?> list, StringBuilder text) {
    text.append('[');
    String separator = "";
    for (Object value : list) {
      text.append(separator);
      append(value, text);
      separator = ",";
    }
    text.append(']');
  }

  private static void appendString(String string, StringBuilder text) {
    text.append('"');
    for (int index = 0; index < string.length(); index++) {
      char character = string.charAt(index);
      if (Character.isSurrogate(character)) {
        requirePair(string, index);
        text.append(character).append(string.charAt(++index));
      } else {
        appendCharacter(character, text);
      }
    }
    text.append('"');
  }

  private static void appendCharacter(char character, StringBuilder text) {
    switch (character) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\b' -> text.append("\\b");
      case '\f' -> text.append("\\f");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (character < 0x20) {
          text.append("\\u").append(HexFormat.of().toHexDigits(character));
        } else {
          text.append(character);
        }
      }
    }
  }

  private static void requirePair(String string, int index) {
    if (index + 1 >= string.length()
        || !Character.isSurrogatePair(string.charAt(index), string.charAt(index + 1))) {
      throw new IllegalArgumentException("text holds an unpaired surrogate: index=" + index);
    }
  }

  private static String literal(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("number has no form in JSON: number=" + number);
    }
    return Double.toString(number);
  }

  /// The float's own shortest digits are read back as a double and rounded once more; where that second rounding would
  /// move it, all digits of the double are written.
  private static String literal(float number) {
    String shortest = Float.toString(number);
    boolean isExact = Float.isFinite(number) && (float) Double.parseDouble(shortest) == number;
    return isExact ? shortest : literal((double) number);
  }
}
