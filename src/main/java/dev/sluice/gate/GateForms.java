package dev.sluice.gate;

import java.util.List;
import java.util.function.IntFunction;

/// The list of gate forms: the one place that names them all.
public final class GateForms {
  /// A form as it is asked for: `name` or `name:parameter`.
  ///
  /// @param parameterName null where the form has none
  private record Entry(
      String name,
      @org.jspecify.annotations.Nullable String parameterName,
      int defaultParameter,
      IntFunction<GateForm> create) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry("static", null, 0, parameter -> new StaticGate()),
          new Entry("linear", null, 0, parameter -> new LinearGate()),
          new Entry("low-rank", "rank", 32, LowRankGate::new),
          new Entry("two-layer", "hidden", 128, TwoLayerGate::new),
          new Entry("light", null, 0, parameter -> new LightGate()));

  private GateForms() {}

  public static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /// The form that `text` describes: `static`, `linear`, `low-rank`, `low-rank:16`, `two-layer:64`.
  public static GateForm parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    for (Entry entry : ENTRIES) {
      if (entry.name.equals(name)) {
        return entry.create.apply(colon < 0 ? entry.defaultParameter : parameter(entry, text));
      }
    }
    throw new IllegalArgumentException("unknown gate form: name=" + name + ", known=" + names());
  }

  /// The inverse of [#parse].
  public static String format(GateForm form) {
    return form.parameters().values().stream()
        .findFirst()
        .map(parameter -> form.name() + ":" + parameter)
        .orElse(form.name());
  }

  private static int parameter(Entry entry, String text) {
    if (entry.parameterName == null) {
      throw new IllegalArgumentException("gate form takes no parameter: gate=" + text);
    }
    try {
      return Integer.parseInt(text.substring(text.indexOf(':') + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "gate parameter is not a whole number: gate="
              + text
              + ", parameter="
              + entry.parameterName,
          e);
    }
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("gate parameter is not positive: " + name + "=" + value);
    }
  }
}
