package dev.sluice.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// A JSON object read by somebody who knows what must be in it: every deviation is a [FormatException] that names the
/// document and the path within it, as in `wrong type in blueprint: key=layers[0].units, expected=whole number, actual=string`.
public final class JsonObject {
  private final String document;
  private final String path;
  private final Map<?, ?> members;

  private JsonObject(String document, String path, Map<?, ?> members) {
    this.document = document;
    this.path = path;
    this.members = members;
  }

  /// @param document what is read, for messages: `blueprint`
  public static JsonObject parse(String document, String text) {
    try {
      return of(document, Json.parse(text));
    } catch (FormatException e) {
      throw new FormatException(document + " is not understood: reason=" + e.getMessage(), e);
    }
  }

  static JsonObject of(String document, Object value) {
    if (value instanceof Map<?, ?> members) {
      return new JsonObject(document, "", members);
    }
    throw new FormatException(
        document + " is not a JSON object: expected=object, actual=" + typeName(value));
  }

  /// This object, if it has no keys but these.
  public JsonObject requireOnly(String... known) {
    Set<String> knownKeys = Set.of(known);
    for (Object key : members.keySet()) {
      if (!knownKeys.contains(key)) {
        throw problem("unknown key", (String) key, "known=" + List.of(known));
      }
    }
    return this;
  }

  /// In the order of the text.
  public List<String> keys() {
    return members.keySet().stream().map(String.class::cast).toList();
  }

  public boolean has(String key) {
    return members.containsKey(key);
  }

  public String string(String key) {
    return value(key) instanceof String text ? text : wrongType(key, "string");
  }

  public boolean flag(String key) {
    return value(key) instanceof Boolean flag ? flag : wrongType(key, "true or false");
  }

  public long wholeNumber(String key) {
    return value(key) instanceof Long number ? number : wrongType(key, "whole number");
  }

  /// A whole number that an `int` holds.
  public int integer(String key) {
    long number = wholeNumber(key);
    if (number != (int) number) {
      throw problem("number out of range", key, "value=" + number);
    }
    return (int) number;
  }

  public double real(String key) {
    return switch (value(key)) {
      case Long number -> number;
      case Double number -> number;
      default -> this.<Double>wrongType(key, "number");
    };
  }

  /// A number rounded to f32; one that would become infinite is out of range.
  public float single(String key) {
    float number = (float) real(key);
    if (Float.isInfinite(number)) {
      throw problem("number out of range", key, "value=" + real(key));
    }
    return number;
  }

  public JsonObject object(String key) {
    return value(key) instanceof Map<?, ?> map
        ? new JsonObject(document, pathOf(key), map)
        : wrongType(key, "object");
  }

  /// An array of objects.
  public List<JsonObject> objects(String key) {
    List<JsonObject> objects = new ArrayList<>();
    for (Object element : array(key)) {
      String elementKey = key + "[" + objects.size() + "]";
      if (!(element instanceof Map<?, ?> map)) {
        throw wrongType(elementKey, "object", element);
      }
      objects.add(new JsonObject(document, pathOf(elementKey), map));
    }
    return objects;
  }

  /// An array of whole numbers.
  public List<Long> wholeNumbers(String key) {
    List<Long> numbers = new ArrayList<>();
    for (Object element : array(key)) {
      if (!(element instanceof Long number)) {
        throw wrongType(key + "[" + numbers.size() + "]", "whole number", element);
      }
      numbers.add(number);
    }
    return numbers;
  }

  /// An array of numbers rounded to f32.
  public List<Float> singles(String key) {
    List<Float> numbers = new ArrayList<>();
    for (Object element : array(key)) {
      String elementKey = key + "[" + numbers.size() + "]";
      if (!(element instanceof Long || element instanceof Double)) {
        throw wrongType(elementKey, "number", element);
      }
      float number = ((Number) element).floatValue();
      if (Float.isInfinite(number)) {
        throw problem("number out of range", elementKey, "value=" + element);
      }
      numbers.add(number);
    }
    return numbers;
  }

  /// An exception about the value under `key`: `problem in document: key=path, details`.
  public FormatException problem(String problem, String key, String details) {
    return message(problem, pathOf(key), details);
  }

  /// An exception about this object as a whole.
  public FormatException problem(String problem, String details) {
    return message(problem, path, details);
  }

  /// What `source` makes of the value under `key`, which may complain with an `IllegalArgumentException`.
  public <T> T valid(String key, Supplier<T> source) {
    try {
      return source.get();
    } catch (IllegalArgumentException e) {
      throw problem("invalid value", key, reason(e));
    }
  }

  /// What `source` makes of this object as a whole.
  public <T> T valid(Supplier<T> source) {
    try {
      return source.get();
    } catch (IllegalArgumentException e) {
      throw problem("invalid values", reason(e));
    }
  }

  private static String reason(IllegalArgumentException e) {
    return "reason=" + Printable.of(String.valueOf(e.getMessage()));
  }

  private FormatException message(String problem, String where, String details) {
    String key = where.isEmpty() ? "" : "key=" + Printable.of(where) + ", ";
    return new FormatException(problem + " in " + document + ": " + key + details);
  }

  private List<?> array(String key) {
    return value(key) instanceof List<?> list ? list : wrongType(key, "array");
  }

  private Object value(String key) {
    Object value = members.get(key);
    if (value == null) {
      throw problem("missing key", key, "found=" + Printable.of(members.keySet().toString()));
    }
    return value;
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// Never returns; the type lets it stand in an expression.
  private <T> T wrongType(String key, String expected) {
    throw wrongType(key, expected, value(key));
  }

  private FormatException wrongType(String key, String expected, Object actual) {
    return problem("wrong type", key, "expected=" + expected + ", actual=" + typeName(actual));
  }

  private static String typeName(Object value) {
    return switch (value) {
      case Map<?, ?> map -> "object";
      case List<?> list -> "array";
      case String text -> "string";
      case Boolean flag -> "true or false";
      case Long number -> "whole number";
      case Double number -> "fraction";
      default -> "null";
    };
  }
}
