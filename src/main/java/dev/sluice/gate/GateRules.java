package dev.sluice.gate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/// The list of gate rules: the one place that names them all.
public final class GateRules {
  private record Entry(String name, Function<Parameters, GateRule> create) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              ThresholdRule.NAME,
              given ->
                  new ThresholdRule(
                      given.number("temperature", 1f),
                      given.number("threshold", 0.5f),
                      given.count("minimum", 1))));

  private GateRules() {}

  public static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /// The rule that `text` describes: `threshold`, `top-k:k=4`, `threshold:temperature=0.5,minimum=2`. What is not given has its default.
  public static GateRule parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    for (Entry entry : ENTRIES) {
      if (entry.name.equals(name)) {
        Parameters given = new Parameters(text, colon < 0 ? "" : text.substring(colon + 1));
        GateRule rule = entry.create.apply(given);
        given.requireAllRead();
        return rule;
      }
    }
    throw new IllegalArgumentException("unknown gate rule: name=" + name + ", known=" + names());
  }

  /// The inverse of [#parse]; floats come back with identical bits.
  public static String format(GateRule rule) {
    StringJoiner parameters = new StringJoiner(",", ":", "").setEmptyValue("");
    rule.parameters().forEach((name, value) -> parameters.add(name + "=" + value));
    return rule.name() + parameters;
  }

  /// What a text gives, by name.
  private static final class Parameters {
    private final String text;
    private final Map<String, String> values = new HashMap<>();

    Parameters(String text, String list) {
      this.text = text;
      if (list.isEmpty()) {
        return;
      }
      for (String part : list.split(",", -1)) {
        int equals = part.indexOf('=');
        if (equals < 1
            || values.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
          throw new IllegalArgumentException(
              "gate rule is not name:key=value,…: rule=" + text + ", part=" + part);
        }
      }
    }

    float number(String name, float byDefault) {
      String value = values.remove(name);
      try {
        return value == null ? byDefault : Float.parseFloat(value);
      } catch (NumberFormatException e) {
        throw malformed(name, "number", e);
      }
    }

    int count(String name, int byDefault) {
      String value = values.remove(name);
      try {
        return value == null ? byDefault : Integer.parseInt(value);
      } catch (NumberFormatException e) {
        throw malformed(name, "whole number", e);
      }
    }

    private IllegalArgumentException malformed(String name, String kind, Exception cause) {
      return new IllegalArgumentException(
          "parameter of a gate rule is not a " + kind + ": rule=" + text + ", parameter=" + name,
          cause);
    }

    void requireAllRead() {
      if (!values.isEmpty()) {
        throw new IllegalArgumentException(
            "unknown parameters of a gate rule: rule=" + text + ", unknown=" + values.keySet());
      }
    }
  }
}
