package dev.sluice.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A schema as JSON. Trees rather than data binding: a model file is hostile until proven, so every
/// key and kind is checked here, and no package needs to be opened to reflection.
final class CsvSchemaJson {
  private static final String FORMAT = "sluice.csv-schema";
  private static final int VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private CsvSchemaJson() {}

  static String write(CsvSchema schema) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", VERSION);
    ArrayNode missing = root.putArray("missing");
    new TreeSet<>(schema.missing()).forEach(missing::add);
    ArrayNode columns = root.putArray("columns");
    schema.columns().forEach(column -> writeColumn(columns.addObject(), column));
    return MAPPER.writeValueAsString(root);
  }

  private static void writeColumn(ObjectNode node, CsvColumn column) {
    node.put("name", column.name());
    switch (column) {
      case CsvColumn.Numeric numeric -> {
        node.put("kind", "numeric");
        node.put("mean", numeric.mean());
        node.put("standardDeviation", numeric.standardDeviation());
      }
      case CsvColumn.Category category -> writeValues(node, "category", category.values());
      case CsvColumn.ClassLabel label -> writeValues(node, "label", label.values());
      case CsvColumn.Ignored _ -> node.put("kind", "ignored");
      case CsvColumn.Target _ -> node.put("kind", "target");
    }
  }

  private static void writeValues(ObjectNode node, String kind, List<String> values) {
    node.put("kind", kind);
    ArrayNode array = node.putArray("values");
    values.forEach(array::add);
  }

  static CsvSchema read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new DatasetException(
          "csv schema is not json: offset="
              + e.getLocation().getCharOffset()
              + ", reason="
              + e.getOriginalMessage(),
          e);
    }
    requireKeys(root, "csv schema", Set.of("format", "version", "missing", "columns"));
    String format = string(root, "format");
    JsonNode version = root.path("version");
    if (!format.equals(FORMAT) || !version.isInt() || version.intValue() != VERSION) {
      throw new DatasetException(
          "csv schema version unknown: expected="
              + FORMAT
              + "/"
              + VERSION
              + ", actual="
              + format
              + "/"
              + version);
    }
    List<CsvColumn> columns = new ArrayList<>();
    for (JsonNode column : array(root, "columns")) {
      columns.add(readColumn(column));
    }
    return new CsvSchema(columns, new LinkedHashSet<>(strings(root, "missing")));
  }

  private static CsvColumn readColumn(JsonNode node) {
    String kind = string(node, "kind");
    Set<String> keys =
        switch (kind) {
          case "numeric" -> Set.of("name", "kind", "mean", "standardDeviation");
          case "category", "label" -> Set.of("name", "kind", "values");
          default -> Set.of("name", "kind");
        };
    requireKeys(node, "csv schema column", keys);
    String name = string(node, "name");
    return switch (kind) {
      case "numeric" ->
          new CsvColumn.Numeric(name, number(node, "mean"), number(node, "standardDeviation"));
      case "category" -> new CsvColumn.Category(name, strings(node, "values"));
      case "label" -> new CsvColumn.ClassLabel(name, strings(node, "values"));
      case "ignored" -> new CsvColumn.Ignored(name);
      case "target" -> new CsvColumn.Target(name);
      default ->
          throw new DatasetException(
              "csv schema column kind unknown: column=" + name + ", kind=" + kind);
    };
  }

  private static void requireKeys(JsonNode node, String what, Set<String> keys) {
    if (!node.isObject()) {
      throw new DatasetException(what + " is not an object: actual=" + node);
    }
    for (String key : node.propertyNames()) {
      if (!keys.contains(key)) {
        throw new DatasetException(what + " has an unknown key: key=" + key);
      }
    }
  }

  private static String string(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isString()) {
      throw wrongType(key, "string", value);
    }
    return value.stringValue();
  }

  private static double number(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isNumber()) {
      throw wrongType(key, "number", value);
    }
    return value.doubleValue();
  }

  private static JsonNode array(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isArray()) {
      throw wrongType(key, "array", value);
    }
    return value;
  }

  private static List<String> strings(JsonNode node, String key) {
    List<String> strings = new ArrayList<>();
    for (JsonNode value : array(node, key)) {
      if (!value.isString()) {
        throw wrongType(key, "array of strings", value);
      }
      strings.add(value.stringValue());
    }
    return strings;
  }

  private static DatasetException wrongType(String key, String expected, JsonNode actual) {
    return new DatasetException(
        "csv schema value has the wrong type: key="
            + key
            + ", expected="
            + expected
            + ", actual="
            + (actual.isMissingNode() ? "nothing" : actual));
  }
}
