package dev.sluice.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A schema as JSON.
final class CsvSchemaJson {
  private static final JsonDocument DOCUMENT =
      new JsonDocument("csv schema", "sluice.csv-schema", 1);

  private CsvSchemaJson() {}

  static String write(CsvSchema schema) {
    ObjectNode root = JsonDocument.MAPPER.createObjectNode();
    root.put("format", DOCUMENT.format());
    root.put("version", DOCUMENT.version());
    ArrayNode missing = root.putArray("missing");
    new TreeSet<>(schema.missing()).forEach(missing::add);
    ArrayNode columns = root.putArray("columns");
    schema.columns().forEach(column -> writeColumn(columns.addObject(), column));
    return JsonDocument.MAPPER.writeValueAsString(root);
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
    JsonNode root = DOCUMENT.read(json, Set.of("format", "version", "missing", "columns"));
    List<CsvColumn> columns = new ArrayList<>();
    for (JsonNode column : DOCUMENT.array(root, "columns")) {
      columns.add(readColumn(column));
    }
    return new CsvSchema(columns, new LinkedHashSet<>(DOCUMENT.strings(root, "missing")));
  }

  private static CsvColumn readColumn(JsonNode node) {
    String kind = DOCUMENT.string(node, "kind");
    Set<String> keys =
        switch (kind) {
          case "numeric" -> Set.of("name", "kind", "mean", "standardDeviation");
          case "category", "label" -> Set.of("name", "kind", "values");
          default -> Set.of("name", "kind");
        };
    DOCUMENT.requireKeys(node, "csv schema column", keys);
    String name = DOCUMENT.string(node, "name");
    return switch (kind) {
      case "numeric" ->
          new CsvColumn.Numeric(
              name, DOCUMENT.number(node, "mean"), DOCUMENT.number(node, "standardDeviation"));
      case "category" -> new CsvColumn.Category(name, DOCUMENT.strings(node, "values"));
      case "label" -> new CsvColumn.ClassLabel(name, DOCUMENT.strings(node, "values"));
      case "ignored" -> new CsvColumn.Ignored(name);
      case "target" -> new CsvColumn.Target(name);
      default ->
          throw new DatasetException(
              "csv schema column kind unknown: column=" + name + ", kind=" + kind);
    };
  }
}
