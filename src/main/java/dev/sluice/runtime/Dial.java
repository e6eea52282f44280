package dev.sluice.runtime;

import dev.sluice.format.Json;
import dev.sluice.format.JsonObject;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a trained network answers at which cost: its settings from the cheapest to the dearest, as measured on validation rows. It travels with
/// the model as JSON under [#METADATA_KEY]:
///
/// ```
/// {"settings":[{"relativeMacs":0.05,"accuracy":0.971,"exitThresholds":[0.8],"gateShift":-0.5}, …]}
/// ```
///
/// @param settings at least one, of ascending relative MACs
public record Dial(List<Setting> settings) {
  public static final String METADATA_KEY = "sluice.dial";

  /// One position.
  ///
  /// @param relativeMacs mean over validation rows, see [ModelSpec#denseMacs]; above 0
  /// @param accuracy on the same rows
  /// @param exitThresholds of confidence, for each stage but the last; empty for networks that halt or have one stage
  /// @param gateShift added to the logits of all gates that read their row
  public record Setting(
      double relativeMacs, double accuracy, List<Float> exitThresholds, float gateShift) {
    public Setting {
      exitThresholds = List.copyOf(exitThresholds);
      if (!(relativeMacs > 0) || Double.isInfinite(relativeMacs)) {
        throw new IllegalArgumentException(
            "relative MACs of a dial's setting are not positive: relativeMacs=" + relativeMacs);
      }
      requireFinite("accuracy", accuracy);
      requireFinite("gateShift", gateShift);
      exitThresholds.forEach(threshold -> requireFinite("exitThreshold", threshold));
    }

    private static void requireFinite(String name, double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "number of a dial's setting is not finite: " + name + "=" + value);
      }
    }
  }

  public Dial {
    settings = List.copyOf(settings);
    if (settings.isEmpty()) {
      throw new IllegalArgumentException("dial has no settings");
    }
    for (int index = 1; index < settings.size(); index++) {
      if (settings.get(index).relativeMacs < settings.get(index - 1).relativeMacs) {
        throw new IllegalArgumentException(
            "settings of a dial do not ascend in relative MACs: index="
                + index
                + ", relativeMacs="
                + settings.get(index).relativeMacs
                + ", before="
                + settings.get(index - 1).relativeMacs);
      }
    }
  }

  /// The dial that `model` brings along, empty if it has none.
  ///
  /// @throws dev.sluice.format.FormatException if what is stored is no dial, or not one for this blueprint
  public static Optional<Dial> of(Model model) {
    String text = model.metadata().get(METADATA_KEY);
    return text == null ? Optional.empty() : Optional.of(parse(text, model.spec()));
  }

  /// The inverse of [#toJson].
  ///
  /// @throws dev.sluice.format.FormatException if the text is no dial for `spec`
  public static Dial parse(String text, ModelSpec spec) {
    JsonObject root = JsonObject.parse("dial", text).requireOnly("settings");
    List<Setting> settings = new ArrayList<>();
    for (JsonObject setting : root.objects("settings")) {
      settings.add(setting(setting));
    }
    return root.valid(
        () -> {
          Dial dial = new Dial(settings);
          dial.requireFits(spec);
          return dial;
        });
  }

  private static Setting setting(JsonObject json) {
    json.requireOnly("relativeMacs", "accuracy", "exitThresholds", "gateShift");
    double relativeMacs = json.real("relativeMacs");
    double accuracy = json.real("accuracy");
    List<Float> thresholds = json.singles("exitThresholds");
    float gateShift = json.single("gateShift");
    return json.valid(() -> new Setting(relativeMacs, accuracy, thresholds, gateShift));
  }

  public String toJson() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Setting setting : settings) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("relativeMacs", setting.relativeMacs);
      members.put("accuracy", setting.accuracy);
      members.put("exitThresholds", setting.exitThresholds);
      members.put("gateShift", setting.gateShift);
      list.add(members);
    }
    return Json.write(Map.of("settings", list));
  }

  /// Exits of confidence that `spec` has.
  static int thresholds(ModelSpec spec) {
    return (int)
        spec.stages().stream().filter(stage -> stage.exit() instanceof ExitSpec.Confidence).count();
  }

  void requireFits(ModelSpec spec) {
    settings.forEach(setting -> requireFits(setting, spec));
  }

  static void requireFits(Setting setting, ModelSpec spec) {
    if (setting.exitThresholds.size() != thresholds(spec)) {
      throw new IllegalArgumentException(
          "exit thresholds of a dial's setting differ from the model's exits: expected="
              + thresholds(spec)
              + ", actual="
              + setting.exitThresholds.size());
    }
  }

  /// The dearest setting of at most `relativeMacs`, of equally dear ones the last.
  Setting within(double relativeMacs) {
    Setting found = null;
    for (Setting setting : settings) {
      found = setting.relativeMacs <= relativeMacs ? setting : found;
    }
    if (found == null) {
      throw new IllegalArgumentException(
          "budget is below the dial's cheapest setting: relativeMacs="
              + relativeMacs
              + ", cheapest="
              + settings.getFirst().relativeMacs);
    }
    return found;
  }
}
