package dev.sluice.experiment;

import dev.sluice.runtime.GateHealth;
import dev.sluice.runtime.PublishedMacs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Records as JSON, one line each. A figure that does not exist is `null`.
final class RecordJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private RecordJson() {}

  static String format(FrontierRecord record) {
    ObjectNode node = MAPPER.createObjectNode();
    Score score = record.score();
    node.put("dataset", record.dataset());
    node.put("method", record.cell().method());
    node.put("budget", record.cell().budget());
    node.put("seed", record.cell().seed());
    node.put("layers", record.layers());
    put(node, "testAccuracy", score.accuracy());
    put(node, "validationAccuracy", record.validationAccuracy());
    put(node, "relativeMacs", record.relativeMacs());
    put(node, "relativeMacsSelf", score.relativeMacsSelf());
    put(node, "executedShare", score.executedShare());
    put(node, "latencySpeedup", speedup(record.latency()));
    put(node, "latencySpeedupSkippingZeros", speedup(record.latencySkipping()));
    put(node, "denseAccuracy", record.denseAccuracy());
    put(node, "equalMacAccuracy", record.equalMacAccuracy());
    put(node, "equalMacRelativeMacs", record.equalMacRelativeMacs());
    node.put("equalMacLayers", record.equalMacLayers());
    node.set("publishedMacs", published(score.published()));
    node.put("testRows", score.rows());
    put(node, "macs", score.macs());
    put(node.putArray("stageShares"), score.stageShares());
    node.set("gates", gates(score.gates()));
    node.set("latencyNanos", latencies(record.latency()));
    node.set("latencyNanosSkippingZeros", latencies(record.latencySkipping()));
    put(node, "seconds", record.seconds());
    node.set("versions", strings(record.versions()));
    node.set("settings", strings(record.settings()));
    ArrayNode notes = node.putArray("notes");
    record.notes().forEach(notes::add);
    return MAPPER.writeValueAsString(node);
  }

  /// @throws IllegalArgumentException if it is not such a record
  static FrontierRecord parse(String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      return new FrontierRecord(
          text(node, "dataset"),
          new Cell(text(node, "method"), number(node, "budget"), get(node, "seed").longValue()),
          text(node, "layers"),
          number(node, "validationAccuracy"),
          number(node, "relativeMacs"),
          score(node),
          number(node, "denseAccuracy"),
          number(node, "equalMacAccuracy"),
          number(node, "equalMacRelativeMacs"),
          text(node, "equalMacLayers"),
          latencies(get(node, "latencyNanos")),
          latencies(get(node, "latencyNanosSkippingZeros")),
          number(node, "seconds"),
          strings(get(node, "versions")),
          strings(get(node, "settings")),
          get(node, "notes").valueStream().map(JsonNode::stringValue).toList());
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a record: reason=" + e.getOriginalMessage(), e);
    }
  }

  private static Score score(JsonNode node) {
    JsonNode published = get(node, "publishedMacs");
    return new Score(
        get(node, "testRows").intValue(),
        number(node, "testAccuracy"),
        number(node, "macs"),
        number(node, "relativeMacsSelf"),
        number(node, "executedShare"),
        numbers(get(node, "stageShares")),
        gates(get(node, "gates"), get(node, "testRows").intValue()),
        new PublishedMacs(
            number(published, "bothSided"),
            number(published, "inputSided"),
            number(published, "lastLayerSided")));
  }

  private static double speedup(Optional<Latencies> latencies) {
    return latencies.map(Latencies::speedup).orElse(Double.NaN);
  }

  private static ObjectNode published(PublishedMacs macs) {
    ObjectNode node = MAPPER.createObjectNode();
    put(node, "bothSided", macs.bothSided());
    put(node, "inputSided", macs.inputSided());
    put(node, "lastLayerSided", macs.lastLayerSided());
    return node;
  }

  private static ObjectNode gates(GateHealth health) {
    ObjectNode node = MAPPER.createObjectNode();
    put(node, "ratioMean", health.ratioMean());
    put(node, "ratioStdDev", health.ratioStdDev());
    put(node, "commonestSetShare", health.commonestShare());
    node.put("distinctSets", health.distinctSets());
    put(node, "setInformationBits", health.mutualInformationBits());
    ArrayNode layers = node.putArray("layers");
    health.layers().forEach(layer -> put(layers.addObject(), layer));
    return node;
  }

  private static void put(ObjectNode node, GateHealth.Layer layer) {
    node.put("layer", layer.layer());
    put(node.putArray("usage"), layer.usage());
    put(node, "loadVariation", layer.loadVariation());
    put(node, "usageEntropyBits", layer.usageEntropyBits());
    put(node, "commonestSetShare", layer.commonestShare());
    node.put("distinctSets", layer.distinctSets());
    put(node, "setInformationBits", layer.mutualInformationBits());
  }

  private static GateHealth gates(JsonNode node, int rows) {
    return new GateHealth(
        rows,
        number(node, "ratioMean"),
        number(node, "ratioStdDev"),
        number(node, "commonestSetShare"),
        get(node, "distinctSets").intValue(),
        number(node, "setInformationBits"),
        get(node, "layers").valueStream().map(RecordJson::layer).toList());
  }

  private static GateHealth.Layer layer(JsonNode node) {
    return new GateHealth.Layer(
        get(node, "layer").intValue(),
        numbers(get(node, "usage")),
        number(node, "loadVariation"),
        number(node, "usageEntropyBits"),
        number(node, "commonestSetShare"),
        get(node, "distinctSets").intValue(),
        number(node, "setInformationBits"));
  }

  private static JsonNode latencies(Optional<Latencies> latencies) {
    if (latencies.isEmpty()) {
      return MAPPER.nullNode();
    }
    ObjectNode node = MAPPER.createObjectNode();
    put(node, "dense", latencies.get().dense());
    put(node, "equalMac", latencies.get().equalMac());
    put(node, "model", latencies.get().model());
    return node;
  }

  private static Optional<Latencies> latencies(JsonNode node) {
    return node.isNull()
        ? Optional.empty()
        : Optional.of(
            new Latencies(number(node, "dense"), number(node, "equalMac"), number(node, "model")));
  }

  private static ObjectNode strings(Map<String, String> members) {
    ObjectNode node = MAPPER.createObjectNode();
    members.forEach(node::put);
    return node;
  }

  private static Map<String, String> strings(JsonNode node) {
    Map<String, String> members = new LinkedHashMap<>();
    node.properties().forEach(entry -> members.put(entry.getKey(), entry.getValue().stringValue()));
    return members;
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private static void put(ArrayNode array, List<Double> values) {
    values.forEach(value -> array.add(value.doubleValue()));
  }

  private static List<Double> numbers(JsonNode array) {
    return array.valueStream().map(JsonNode::doubleValue).toList();
  }

  private static double number(JsonNode node, String name) {
    JsonNode value = get(node, name);
    return value.isNull() ? Double.NaN : value.doubleValue();
  }

  private static String text(JsonNode node, String name) {
    return get(node, name).stringValue();
  }

  private static JsonNode get(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IllegalArgumentException("not a record: missing=" + name);
    }
    return value;
  }
}
