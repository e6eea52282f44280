package dev.sluice.data;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A preparation as JSON.
final class PreparationJson {
  private static final JsonDocument DOCUMENT =
      new JsonDocument("preparation", "sluice.preparation", 1);

  private static final Set<String> KEYS =
      Set.of("format", "version", "kind", "settings", "features", "classes");

  private PreparationJson() {}

  static String write(Preparation preparation) {
    ObjectNode root = JsonDocument.MAPPER.createObjectNode();
    root.put("format", DOCUMENT.format());
    root.put("version", DOCUMENT.version());
    root.put("kind", preparation.kind());
    ObjectNode settings = root.putObject("settings");
    new TreeMap<>(preparation.settings()).forEach(settings::put);
    ArrayNode features = root.putArray("features");
    preparation.featureNames().forEach(features::add);
    ArrayNode classes = root.putArray("classes");
    preparation.classNames().forEach(classes::add);
    return JsonDocument.MAPPER.writeValueAsString(root);
  }

  static Preparation read(String json) {
    JsonNode root = DOCUMENT.read(json, KEYS);
    Map<String, String> settings = new TreeMap<>();
    JsonNode node = DOCUMENT.object(root, "settings");
    for (String name : node.propertyNames()) {
      settings.put(name, DOCUMENT.string(node, name));
    }
    return new Preparation(
        DOCUMENT.string(root, "kind"),
        settings,
        DOCUMENT.strings(root, "features"),
        DOCUMENT.strings(root, "classes"));
  }
}
