package dev.sluice.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What was done to the raw rows of a set to make its features, everything chosen on training rows
/// included: the counterpart of [CsvSchema] for sets that are not text tables. Immutable; a model
/// carries it as JSON, so that it says what its rows were, and refuses others.
///
/// @param kind of raw rows, for instance `log-mel`
/// @param settings by name
/// @param featureNames in order; empty where features have no names
/// @param classNames in order of the class indices
public record Preparation(
    String kind, Map<String, String> settings, List<String> featureNames, List<String> classNames) {
  public Preparation {
    settings = Map.copyOf(settings);
    featureNames = List.copyOf(featureNames);
    classNames = List.copyOf(classNames);
  }

  /// One line of JSON from which [#fromJson] makes an equal preparation.
  public String toJson() {
    return PreparationJson.write(this);
  }

  /// @throws DatasetException if `json` is not a preparation this version knows
  public static Preparation fromJson(String json) {
    return PreparationJson.read(json);
  }

  /// Where `rows` were prepared otherwise than these, in the form `setting=hop, model=320,
  /// data=160`; empty if they were not.
  public Optional<String> difference(Preparation rows) {
    if (!kind.equals(rows.kind)) {
      return Optional.of(describe("kind", kind, rows.kind));
    }
    TreeMap<String, String> names = new TreeMap<>(settings);
    names.putAll(rows.settings);
    for (String name : names.keySet()) {
      String own = settings.getOrDefault(name, "none");
      String other = rows.settings.getOrDefault(name, "none");
      if (!own.equals(other)) {
        return Optional.of(describe(name, own, other));
      }
    }
    return difference("class", classNames, rows.classNames)
        .or(() -> difference("feature", featureNames, rows.featureNames));
  }

  private static Optional<String> difference(String what, List<String> own, List<String> other) {
    if (own.size() != other.size()) {
      String number = what + " names";
      return Optional.of(describe(number, own.size() + "", other.size() + ""));
    }
    for (int i = 0; i < own.size(); i++) {
      if (!own.get(i).equals(other.get(i))) {
        return Optional.of(describe(what + " " + i, own.get(i), other.get(i)));
      }
    }
    return Optional.empty();
  }

  private static String describe(String setting, String own, String other) {
    return "setting=" + setting + ", model=" + own + ", data=" + other;
  }
}
