package dev.sluice.format;

import dev.sluice.gate.GateForms;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.kernel.Activation;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Blueprints as JSON text. All keys are required, others are rejected; floats come back with identical bits.
///
/// ```json
/// {"inputs": 784, "output": "softmax", "layers": [
///   {"kind": "gated", "units": 512, "block": 32, "activation": "relu",
///    "gate": {"form": "low-rank:16", "granularity": "block",
///             "temperature": 0.5, "threshold": 0.5, "minimumOpen": 1}},
///   {"kind": "dense", "units": 10, "block": 16, "activation": "identity"}]}
/// ```
public final class ModelSpecJson {
  private static final String DOCUMENT = "blueprint";

  private ModelSpecJson() {}

  public static String format(ModelSpec spec) {
    Map<String, Object> blueprint = new LinkedHashMap<>();
    blueprint.put("inputs", spec.inputs());
    blueprint.put("output", spec.output().specName());
    blueprint.put("layers", spec.layers().stream().map(ModelSpecJson::layerMembers).toList());
    return Json.write(blueprint);
  }

  /// The inverse of [#format].
  ///
  /// @throws FormatException for text that is no blueprint, with the path of what is wrong
  public static ModelSpec parse(String text) {
    JsonObject blueprint =
        JsonObject.parse(DOCUMENT, text).requireOnly("inputs", "output", "layers");
    int inputs = blueprint.integer("inputs");
    OutputForm output = named(blueprint, "output", OutputForm::ofSpecName);
    List<LayerSpec> layers = new ArrayList<>();
    for (JsonObject layer : blueprint.objects("layers")) {
      layers.add(layer(layer));
    }
    return blueprint.valid(() -> new ModelSpec(inputs, layers, output));
  }

  private static Map<String, Object> layerMembers(LayerSpec layer) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("kind", layer instanceof LayerSpec.Gated ? "gated" : "dense");
    members.put("units", layer.units());
    members.put("block", layer.blockSize());
    members.put("activation", layer.activation().specName());
    switch (layer) {
      case LayerSpec.Dense dense -> {}
      case LayerSpec.Gated gated -> members.put("gate", gateMembers(gated.gate()));
    }
    return members;
  }

  private static Map<String, Object> gateMembers(GateSpec gate) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("form", GateForms.format(gate.form()));
    members.put("granularity", gate.granularity().specName());
    members.put("temperature", gate.temperature());
    members.put("threshold", gate.threshold());
    members.put("minimumOpen", gate.minimumOpen());
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
      layer.requireOnly("kind", "units", "block", "activation", "gate");
    } else {
      layer.requireOnly("kind", "units", "block", "activation");
    }
    int units = layer.integer("units");
    int blockSize = layer.integer("block");
    Activation activation = named(layer, "activation", Activation::ofSpecName);
    if (!gated) {
      return layer.valid(() -> new LayerSpec.Dense(units, blockSize, activation));
    }
    GateSpec gate = gate(layer.object("gate"));
    return layer.valid(() -> new LayerSpec.Gated(units, blockSize, activation, gate));
  }

  private static GateSpec gate(JsonObject gate) {
    gate.requireOnly("form", "granularity", "temperature", "threshold", "minimumOpen");
    var form = named(gate, "form", GateForms::parse);
    Granularity granularity = named(gate, "granularity", Granularity::ofSpecName);
    float temperature = gate.single("temperature");
    float threshold = gate.single("threshold");
    int minimumOpen = gate.integer("minimumOpen");
    return gate.valid(() -> new GateSpec(form, granularity, temperature, threshold, minimumOpen));
  }

  private static <T> T named(JsonObject object, String key, Function<String, T> named) {
    String name = object.string(key);
    return object.valid(key, () -> named.apply(name));
  }
}
