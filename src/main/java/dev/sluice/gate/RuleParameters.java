package dev.sluice.gate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// What the text of a gate rule gives, by name; what it does not give has its default.
final class RuleParameters {
  private final String text;
  private final Map<String, String> values = new HashMap<>();

  /// @param list `key=value,…`, may be empty
  RuleParameters(String text, String list) {
    this.text = text;
    if (list.isEmpty()) {
      return;
    }
    for (String part : list.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1 || values.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
        throw new IllegalArgumentException(
            "gate rule is not name:key=value,…: rule=" + text + ", part=" + part);
      }
    }
  }

  float number(String name, float byDefault) {
    return parsed(name, "number", byDefault, Float::parseFloat);
  }

  int count(String name, int byDefault) {
    return parsed(name, "whole number", byDefault, Integer::parseInt);
  }

  long whole(String name, long byDefault) {
    return parsed(name, "whole number", byDefault, Long::parseLong);
  }

  /// One of the constants of an enum, in lower case with hyphens.
  <E extends Enum<E>> E word(String name, E byDefault) {
    String value = values.remove(name);
    if (value == null) {
      return byDefault;
    }
    E[] constants = byDefault.getDeclaringClass().getEnumConstants();
    for (E constant : constants) {
      if (word(constant).equals(value)) {
        return constant;
      }
    }
    List<String> known = Arrays.stream(constants).map(RuleParameters::word).toList();
    throw new IllegalArgumentException(
        "unknown parameter of a gate rule: rule="
            + text
            + ", "
            + name
            + "="
            + value
            + ", known="
            + known);
  }

  /// How a constant is written.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private <T> T parsed(String name, String kind, T byDefault, Function<String, T> parse) {
    String value = values.remove(name);
    try {
      return value == null ? byDefault : parse.apply(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "parameter of a gate rule is not a " + kind + ": rule=" + text + ", parameter=" + name,
          e);
    }
  }

  void requireAllRead() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown parameters of a gate rule: rule=" + text + ", unknown=" + values.keySet());
    }
  }
}
