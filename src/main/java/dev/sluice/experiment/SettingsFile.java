package dev.sluice.experiment;

import dev.sluice.format.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The settings that all records and models of a folder have in common.
final class SettingsFile {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private SettingsFile() {}

  /// Everything that two networks to be compared must share.
  static Map<String, String> settings(Recipe recipe, ExperimentData data) {
    Map<String, String> settings = new TreeMap<>(recipe.settings());
    settings.put("data", data.name());
    settings.put("trainingRows", data.training().contentHash());
    settings.put("testRows", data.test().contentHash());
    return settings;
  }

  /// Writes them into a new folder, and refuses a folder with others.
  ///
  /// @throws IllegalStateException naming the first that differs
  static void require(Path folder, Map<String, String> settings) {
    Path path = folder.resolve("settings.json");
    if (!Files.exists(path)) {
      write(path, settings);
      return;
    }
    Map<String, String> there = read(path);
    TreeSet<String> names = new TreeSet<>(settings.keySet());
    names.addAll(there.keySet());
    for (String name : names) {
      String here = settings.getOrDefault(name, "none");
      if (!here.equals(there.getOrDefault(name, "none"))) {
        throw new IllegalStateException(
            "folder has records of other settings: folder="
                + folder
                + ", setting="
                + name
                + ", there="
                + there.getOrDefault(name, "none")
                + ", here="
                + here
                + "; choose another folder");
      }
    }
  }

  private static Map<String, String> read(Path path) {
    try {
      Map<String, String> settings = new TreeMap<>();
      MAPPER
          .readTree(Files.readString(path))
          .properties()
          .forEach(entry -> settings.put(entry.getKey(), entry.getValue().stringValue()));
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read settings: path=" + path + ", reason=" + e.getMessage(), e);
    }
  }

  private static void write(Path path, Map<String, String> settings) {
    ObjectNode node = MAPPER.createObjectNode();
    settings.forEach(node::put);
    String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    AtomicFile.replace(
        "settings",
        path,
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }
}
