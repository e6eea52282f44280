package dev.sluice.gate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// Parameters of gate rules: what the text of one gives, by name, where what it does not give has its default; and what all rules ask of
/// theirs.
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

  /// A rule's parameters as [GateRule#parameters] gives them.
  @SafeVarargs
  static Map<String, Object> ordered(Map.Entry<String, ? extends Object>... parameters) {
    Map<String, Object> ordered = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends Object> parameter : parameters) {
      ordered.put(parameter.getKey(), parameter.getValue());
    }
    return ordered;
  }

  static void requireTemperature(float temperature) {
    if (!(temperature > 0) || Float.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "gate temperature is not positive: temperature=" + temperature);
    }
  }

  /// @param weight of a term of the loss
  static void requireWeight(String name, float weight) {
    if (!(weight >= 0) || Float.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "weight of a gate rule's term is negative or not finite: " + name + "=" + weight);
    }
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
