package dev.sluice.report;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON for machines, composed as a tree: no class has to be opened to reflection.
///
/// A figure that does not exist, NaN or infinite, becomes `null`, since JSON has no word for it.
public final class JsonText {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ObjectNode node;

  private JsonText(ObjectNode node) {
    this.node = node;
  }

  public static JsonText object() {
    return new JsonText(MAPPER.createObjectNode());
  }

  public JsonText put(String key, String value) {
    node.put(key, value);
    return this;
  }

  public JsonText put(String key, long value) {
    node.put(key, value);
    return this;
  }

  public JsonText put(String key, boolean value) {
    node.put(key, value);
    return this;
  }

  public JsonText put(String key, double value) {
    if (Double.isFinite(value)) {
      node.put(key, value);
    } else {
      node.putNull(key);
    }
    return this;
  }

  public JsonText put(String key, JsonText value) {
    node.set(key, value.node);
    return this;
  }

  public JsonText putNull(String key) {
    node.putNull(key);
    return this;
  }

  /// An object of strings, in the map's order.
  public JsonText put(String key, Map<String, String> members) {
    ObjectNode object = node.putObject(key);
    members.forEach(object::put);
    return this;
  }

  public JsonText put(String key, double[] values) {
    ArrayNode array = node.putArray(key);
    for (double value : values) {
      if (Double.isFinite(value)) {
        array.add(value);
      } else {
        array.addNull();
      }
    }
    return this;
  }

  /// An array of strings or whole numbers.
  public JsonText putAll(String key, Iterable<?> values) {
    ArrayNode array = node.putArray(key);
    for (Object value : values) {
      switch (value) {
        case Long number -> array.add(number);
        case Integer number -> array.add(number);
        default -> array.add(value.toString());
      }
    }
    return this;
  }

  /// An array of objects, each filled by `describe`.
  public <T> JsonText putObjects(String key, Iterable<T> values, Describe<T> describe) {
    fill(node.putArray(key), values, describe);
    return this;
  }

  /// Text that is JSON already, as an object and not as a string.
  public JsonText putJson(String key, String json) {
    JsonNode tree = MAPPER.readTree(json);
    node.set(key, tree);
    return this;
  }

  /// Fills an object with what there is to say about a value.
  @FunctionalInterface
  public interface Describe<T> {
    void describe(T value, JsonText object);
  }

  /// A whole document that is an array of objects.
  public static <T> String array(Iterable<T> values, Describe<T> describe) {
    ArrayNode array = MAPPER.createArrayNode();
    fill(array, values, describe);
    return pretty(array);
  }

  private static <T> void fill(ArrayNode array, Iterable<T> values, Describe<T> describe) {
    for (T value : values) {
      describe.describe(value, new JsonText(array.addObject()));
    }
  }

  /// The whole document, indented, without a line end.
  public String format() {
    return pretty(node);
  }

  private static String pretty(JsonNode tree) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
  }
}
