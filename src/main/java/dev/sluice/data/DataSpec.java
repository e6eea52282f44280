package dev.sluice.data;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a user typed for `--data`: `name`, or `reader:path`, each with an optional
/// `?key=value&key=value`.
///
/// @param kind the known name or the reader
/// @param path empty for a known name
record DataSpec(String text, String kind, String path, Map<String, String> options) {
  static DataSpec parse(String text) {
    int question = text.indexOf('?');
    String source = question < 0 ? text : text.substring(0, question);
    Map<String, String> options =
        question < 0 ? Map.of() : parseOptions(text, text.substring(question + 1));
    int colon = source.indexOf(':');
    return colon < 0
        ? new DataSpec(text, source, "", options)
        : new DataSpec(text, source.substring(0, colon), source.substring(colon + 1), options);
  }

  private static Map<String, String> parseOptions(String text, String query) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new DatasetException(
            "data option is not key=value: option=" + pair + ", data=" + text);
      }
      String value;
      try {
        // A plus sign is itself here, not the space that web forms make of it.
        String escaped = pair.substring(equals + 1).replace("+", "%2B");
        value = URLDecoder.decode(escaped, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new DatasetException(
            "data option has a bad %-escape: option=" + pair + ", data=" + text, e);
      }
      if (options.put(pair.substring(0, equals), value) != null) {
        throw new DatasetException("data option given twice: option=" + pair + ", data=" + text);
      }
    }
    return options;
  }

  void requireKeys(Set<String> known) {
    for (String key : options.keySet()) {
      if (!known.contains(key)) {
        throw new DatasetException(
            "data option unknown: option="
                + key
                + ", data="
                + text
                + ", known="
                + new TreeSet<>(known));
      }
    }
  }

  void requirePath() {
    if (path.isEmpty()) {
      throw new DatasetException(
          "data path missing: data=" + text + ", expected=" + kind + ":PATH");
    }
  }

  @Nullable String get(String key) {
    return options.get(key);
  }

  String text(String key, String fallback) {
    return options.getOrDefault(key, fallback);
  }

  /// A number in decimal notation, in `[min, max]`.
  double decimal(String key, double fallback, double min, double max) {
    String value = options.get(key);
    if (value == null) {
      return fallback;
    }
    double number = CsvTable.number(value).orElse(Double.NaN);
    if (!(number >= min && number <= max)) {
      throw badNumber(key, value, min, max);
    }
    return number;
  }

  static List<String> list(String value) {
    return Arrays.stream(value.split(",")).map(String::strip).filter(v -> !v.isEmpty()).toList();
  }

  long number(String key, long fallback, long min, long max) {
    String value = options.get(key);
    if (value == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw badNumber(key, value, min, max);
    }
    throw badNumber(key, value, min, max);
  }

  private DatasetException badNumber(String key, String value, Number min, Number max) {
    return new DatasetException(
        "data option out of range: option="
            + key
            + ", value="
            + value
            + ", expected="
            + min
            + ".."
            + max
            + ", data="
            + text);
  }

  boolean flag(String key, boolean fallback) {
    String value = options.get(key);
    return value == null ? fallback : choice(key, value, Map.of("true", true, "false", false));
  }

  <T> T choice(String key, String value, Map<String, T> choices) {
    T chosen = choices.get(value);
    if (chosen == null) {
      throw new DatasetException(
          "data option value unknown: option="
              + key
              + ", value="
              + value
              + ", expected="
              + new TreeSet<>(choices.keySet())
              + ", data="
              + text);
    }
    return chosen;
  }
}
