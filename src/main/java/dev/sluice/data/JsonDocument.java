package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What documents that a model file carries have in common. Trees rather than data binding: a model file is hostile until proven, so
/// every key and kind is checked, and no package needs to be opened to reflection.
///
/// @param name as complaints say it
/// @param format value of the key `format`
/// @param version the only one that is understood
record JsonDocument(String name, String format, int version) {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// The root of a document of this format and version with `keys` and no others.
  JsonNode read(String json, Set<String> keys) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new DatasetException(
          name
              + " is not json: offset="
              + e.getLocation().getCharOffset()
              + ", reason="
              + e.getOriginalMessage(),
          e);
    }
    requireKeys(root, name, keys);
    String foundFormat = string(root, "format");
    JsonNode foundVersion = root.path("version");
    if (!foundFormat.equals(format)
        || !foundVersion.isInt()
        || foundVersion.intValue() != version) {
      throw new DatasetException(
          name
              + " version unknown: expected="
              + format
              + "/"
              + version
              + ", actual="
              + foundFormat
              + "/"
              + foundVersion);
    }
    return root;
  }

  void requireKeys(JsonNode node, String what, Set<String> keys) {
    if (!node.isObject()) {
      throw new DatasetException(what + " is not an object: actual=" + node);
    }
    for (String key : node.propertyNames()) {
      if (!keys.contains(key)) {
        throw new DatasetException(what + " has an unknown key: key=" + key);
      }
    }
  }

  String string(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isString()) {
      throw wrongType(key, "string", value);
    }
    return value.stringValue();
  }

  double number(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isNumber()) {
      throw wrongType(key, "number", value);
    }
    return value.doubleValue();
  }

  JsonNode object(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isObject()) {
      throw wrongType(key, "object", value);
    }
    return value;
  }

  JsonNode array(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isArray()) {
      throw wrongType(key, "array", value);
    }
    return value;
  }

  List<String> strings(JsonNode node, String key) {
    List<String> strings = new ArrayList<>();
    for (JsonNode value : array(node, key)) {
      if (!value.isString()) {
        throw wrongType(key, "array of strings", value);
      }
      strings.add(value.stringValue());
    }
    return strings;
  }

  private DatasetException wrongType(String key, String expected, JsonNode actual) {
    return new DatasetException(
        name
            + " value has the wrong type: key="
            + key
            + ", expected="
            + expected
            + ", actual="
            + (actual.isMissingNode() ? "nothing" : actual));
  }
}
