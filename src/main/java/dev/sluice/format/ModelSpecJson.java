package dev.sluice.format;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Blueprints as JSON text. All keys are required but those said to be left out, others are rejected; floats come back with identical bits.
///
/// ```json
/// {"inputs": 784, "output": "softmax", "stages": [
///   {"features": "100-299", "shares": false, "exit": {"measure": "max-probability", "threshold": 0.93}, "layers": [
///     {"kind": "dense", "units": 64, "block": 32, "activation": "relu"},
///     {"kind": "dense", "units": 10, "block": 16, "activation": "identity"}]},
///   {"features": "all", "shares": false, "layers": [
///     {"kind": "gated", "units": 512, "block": 32, "activation": "relu", "lightRank": 0,
///      "gate": {"form": "low-rank:16", "granularity": "block", "blocksPerGate": 1,
///               "rule": "threshold:temperature=0.5,threshold=0.5,minimum=1", "scalesOutput": false}},
///     {"kind": "dense", "units": 10, "block": 16, "activation": "identity"}]}]}
/// ```
///
/// A network of one plain stage has `layers` in place of `stages`. An exit is left out where there is none; `{"epsilon": 0.01}` is one
/// that halts.
public final class ModelSpecJson {
  private static final String DOCUMENT = "blueprint";

  private ModelSpecJson() {}

  public static String format(ModelSpec spec) {
    Map<String, Object> blueprint = new LinkedHashMap<>();
    blueprint.put("inputs", spec.inputs());
    blueprint.put("output", spec.output().specName());
    if (isPlain(spec)) {
      blueprint.put("layers", layerMembers(spec.layers()));
    } else {
      blueprint.put("stages", spec.stages().stream().map(ModelSpecJson::stageMembers).toList());
    }
    return Json.write(blueprint);
  }

  private static boolean isPlain(ModelSpec spec) {
    StageSpec first = spec.stages().getFirst();
    return !spec.isStaged() && first.features().isAll() && first.exit() == null;
  }

  private static Map<String, Object> stageMembers(StageSpec stage) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("features", stage.features().toString());
    members.put("shares", stage.sharesEarlier());
    switch (stage.exit()) {
      case null -> {}
      case ExitSpec.Confidence(var measure, float threshold) -> {
        Map<String, Object> confidence = new LinkedHashMap<>();
        confidence.put("measure", measure.specName());
        confidence.put("threshold", threshold);
        members.put("exit", confidence);
      }
      case ExitSpec.Halting(float epsilon) -> members.put("exit", Map.of("epsilon", epsilon));
    }
    members.put("layers", layerMembers(stage.layers()));
    return members;
  }

  private static List<Map<String, Object>> layerMembers(List<LayerSpec> layers) {
    return layers.stream().map(ModelSpecJson::layerMembers).toList();
  }

  /// The inverse of [#format].
  ///
  /// @throws FormatException for text that is no blueprint, with the path of what is wrong
  public static ModelSpec parse(String text) {
    JsonObject blueprint = JsonObject.parse(DOCUMENT, text);
    boolean staged = blueprint.has("stages");
    blueprint.requireOnly("inputs", "output", staged ? "stages" : "layers");
    int inputs = blueprint.integer("inputs");
    OutputForm output = named(blueprint, "output", OutputForm::ofSpecName);
    if (!staged) {
      List<LayerSpec> layers = layers(blueprint);
      return blueprint.valid(() -> ModelSpec.of(inputs, layers, output));
    }
    List<StageSpec> stages = new ArrayList<>();
    for (JsonObject stage : blueprint.objects("stages")) {
      stages.add(stage(stage));
    }
    return blueprint.valid(() -> new ModelSpec(inputs, stages, output));
  }

  private static StageSpec stage(JsonObject stage) {
    boolean exits = stage.has("exit");
    if (exits) {
      stage.requireOnly("features", "shares", "exit", "layers");
    } else {
      stage.requireOnly("features", "shares", "layers");
    }
    FeatureSelection features = named(stage, "features", FeatureSelection::parse);
    boolean shares = stage.flag("shares");
    ExitSpec exit = exits ? exit(stage.object("exit")) : null;
    List<LayerSpec> layers = layers(stage);
    return stage.valid(() -> new StageSpec(features, shares, layers, exit));
  }

  private static ExitSpec exit(JsonObject exit) {
    if (exit.has("epsilon")) {
      float epsilon = exit.requireOnly("epsilon").single("epsilon");
      return exit.valid(() -> new ExitSpec.Halting(epsilon));
    }
    exit.requireOnly("measure", "threshold");
    var measure = named(exit, "measure", ExitSpec.Measure::ofSpecName);
    float threshold = exit.single("threshold");
    return exit.valid(() -> new ExitSpec.Confidence(measure, threshold));
  }

  private static List<LayerSpec> layers(JsonObject parent) {
    List<LayerSpec> layers = new ArrayList<>();
    for (JsonObject layer : parent.objects("layers")) {
      layers.add(layer(layer));
    }
    return layers;
  }

  private static Map<String, Object> layerMembers(LayerSpec layer) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("kind", layer instanceof LayerSpec.Gated ? "gated" : "dense");
    members.put("units", layer.units());
    members.put("block", layer.blockSize());
    members.put("activation", layer.activation().specName());
    switch (layer) {
      case LayerSpec.Dense dense -> {}
      case LayerSpec.Gated gated -> {
        members.put("lightRank", gated.lightRank());
        members.put("gate", gateMembers(gated.gate()));
      }
    }
    return members;
  }

  private static Map<String, Object> gateMembers(GateSpec gate) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("form", GateForms.format(gate.form()));
    members.put("granularity", gate.granularity().specName());
    members.put("blocksPerGate", gate.blocksPerGate());
    members.put("rule", GateRules.format(gate.rule()));
    members.put("scalesOutput", gate.scalesOutput());
    return members;
  }

  private static LayerSpec layer(JsonObject layer) {
    String kind = layer.string("kind");
    boolean gated = kind.equals("gated");
    if (!gated && !kind.equals("dense")) {
      throw layer.problem(
          "unknown layer kind", "kind", "kind=" + Printable.of(kind) + ", known=dense, gated");
    }
    if (gated) {
      layer.requireOnly("kind", "units", "block", "activation", "lightRank", "gate");
    } else {
      layer.requireOnly("kind", "units", "block", "activation");
    }
    int units = layer.integer("units");
    int blockSize = layer.integer("block");
    Activation activation = named(layer, "activation", Activation::ofSpecName);
    if (!gated) {
      return layer.valid(() -> new LayerSpec.Dense(units, blockSize, activation));
    }
    int lightRank = layer.integer("lightRank");
    GateSpec gate = gate(layer.object("gate"));
    return layer.valid(() -> new LayerSpec.Gated(units, blockSize, activation, gate, lightRank));
  }

  private static GateSpec gate(JsonObject gate) {
    gate.requireOnly("form", "granularity", "blocksPerGate", "rule", "scalesOutput");
    var form = named(gate, "form", GateForms::parse);
    Granularity granularity = named(gate, "granularity", Granularity::ofSpecName);
    int blocksPerGate = gate.integer("blocksPerGate");
    var rule = named(gate, "rule", GateRules::parse);
    boolean scalesOutput = gate.flag("scalesOutput");
    return gate.valid(() -> new GateSpec(form, granularity, blocksPerGate, rule, scalesOutput));
  }

  private static <T> T named(JsonObject object, String key, Function<String, T> named) {
    String name = object.string(key);
    return object.valid(key, () -> named.apply(name));
  }
}
