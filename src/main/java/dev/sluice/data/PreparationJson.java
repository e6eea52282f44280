package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A preparation as JSON. Trees rather than data binding, as for [CsvSchemaJson]: a model file is
/// hostile until proven.
final class PreparationJson {
  private static final String FORMAT = "sluice.preparation";
  private static final int VERSION = 1;
  private static final Set<String> KEYS =
      Set.of("format", "version", "kind", "settings", "features", "classes");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PreparationJson() {}

  static String write(Preparation preparation) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", VERSION);
    root.put("kind", preparation.kind());
    ObjectNode settings = root.putObject("settings");
    new TreeMap<>(preparation.settings()).forEach(settings::put);
    ArrayNode features = root.putArray("features");
    preparation.featureNames().forEach(features::add);
    ArrayNode classes = root.putArray("classes");
    preparation.classNames().forEach(classes::add);
    return MAPPER.writeValueAsString(root);
  }

  static Preparation read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new DatasetException(
          "preparation is not json: offset="
              + e.getLocation().getCharOffset()
              + ", reason="
              + e.getOriginalMessage(),
          e);
    }
    requireKnown(root);
    Map<String, String> settings = new TreeMap<>();
    JsonNode node = root.path("settings");
    if (!node.isObject()) {
      throw wrongType("settings", "object", node);
    }
    for (String name : node.propertyNames()) {
      settings.put(name, string(node, name));
    }
    return new Preparation(
        string(root, "kind"), settings, strings(root, "features"), strings(root, "classes"));
  }

  private static void requireKnown(JsonNode root) {
    if (!root.isObject()) {
      throw wrongType("preparation", "object", root);
    }
    for (String key : root.propertyNames()) {
      if (!KEYS.contains(key)) {
        throw new DatasetException("preparation has an unknown key: key=" + key);
      }
    }
    String format = string(root, "format");
    JsonNode version = root.path("version");
    if (!format.equals(FORMAT) || !version.isInt() || version.intValue() != VERSION) {
      throw new DatasetException(
          "preparation version unknown: expected="
              + FORMAT
              + "/"
              + VERSION
              + ", actual="
              + format
              + "/"
              + version);
    }
  }

  private static String string(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isString()) {
      throw wrongType(key, "string", value);
    }
    return value.stringValue();
  }

  private static List<String> strings(JsonNode node, String key) {
    JsonNode array = node.path(key);
    if (!array.isArray()) {
      throw wrongType(key, "array", array);
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode value : array) {
      if (!value.isString()) {
        throw wrongType(key, "array of strings", value);
      }
      strings.add(value.stringValue());
    }
    return strings;
  }

  private static DatasetException wrongType(String key, String expected, JsonNode actual) {
    return new DatasetException(
        "preparation value has the wrong type: key="
            + key
            + ", expected="
            + expected
            + ", actual="
            + (actual.isMissingNode() ? "nothing" : actual));
  }
}
