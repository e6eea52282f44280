package dev.sluice.cli;

import dev.sluice.account.MacFormulas;
import dev.sluice.format.ModelSpecJson;
import dev.sluice.format.SafetensorsHeader;
import dev.sluice.format.TensorEntry;
import dev.sluice.gate.GateRules;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.ProjectionSpec;
import dev.sluice.memory.TileMap;
import dev.sluice.model.Chain;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.StageSpec;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import dev.sluice.runtime.Dial;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What is in a model file whose checksums are proven.
record ModelListing(Path file, Model model, SafetensorsHeader header) {
  /// A schema or blueprint in full would bury the table; `--json` has it.
  private static final int LONGEST_VALUE = 72;

  private static final String CHECKSUMS = "all right";

  String text() {
    ModelSpec spec = model.spec();
    return "file        "
        + file
        + " ("
        + Figures.bytes(header.fileBytes())
        + ", "
        + header.tensors().size()
        + " tensors)\nchecksums   "
        + CHECKSUMS
        + "\nlayers      "
        + spec.architecture()
        + ", output "
        + spec.output().specName()
        + "\ndense MACs  "
        + Figures.count(spec.denseMacs())
        + " a row\nparameters  "
        + Figures.count(parameters(spec))
        + " without padding\nweights     "
        + model.precision().specName()
        + ", "
        + Figures.bytes(model.weights().weightBytes())
        + dial()
        + "\n\n"
        + stages(spec)
        + layers().format()
        + "\n"
        + tensors().format()
        + "\n"
        + provenance().format();
  }

  JsonText json() {
    ModelSpec spec = model.spec();
    return JsonText.object()
        .put("file", file.toString())
        .put("bytes", header.fileBytes())
        .put("checksums", CHECKSUMS)
        .put("layers", spec.architecture())
        .put("gated", spec.isGated())
        .put("denseMacs", spec.denseMacs())
        .put("gateMacs", gateMacs(spec))
        .put("parameters", parameters(spec))
        .put("weights", model.precision().specName())
        .put("liveShares", liveShares())
        .put("weightBytes", model.weights().weightBytes())
        .putJson("blueprint", ModelSpecJson.format(spec))
        .putObjects("tensors", header.tensors(), this::describe)
        .put("metadata", sorted());
  }

  private void describe(TensorEntry tensor, JsonText object) {
    object
        .put("name", tensor.name())
        .put("dtype", tensor.dtype().name())
        .putAll("shape", tensor.shape())
        .put("offsetBytes", header.fileOffsetBytes(tensor))
        .put("bytes", tensor.bytes());
  }

  private String dial() {
    return Dial.of(model)
        .map(Dial::settings)
        .map(
            settings ->
                "\ndial        "
                    + settings.size()
                    + " settings, relative MACs "
                    + Figures.share(settings.getFirst().relativeMacs())
                    + " to "
                    + Figures.share(settings.getLast().relativeMacs()))
        .orElse("");
  }

  /// Nothing for a plain network of one stage.
  private static String stages(ModelSpec spec) {
    if (!spec.isStaged() && spec.stages().getFirst().features().isAll()) {
      return "";
    }
    TextTable table =
        new TextTable().left("stage").left("layers").left("features").left("shares").left("exit");
    for (int stage = 0; stage < spec.stages().size(); stage++) {
      StageSpec own = spec.stages().get(stage);
      String layers = (spec.firstLayer(stage) + 1) + "–" + (spec.head(stage) + 1);
      String features =
          own.features().count(spec.inputs()) + ": " + shortened(own.features().toString());
      table.row("" + (stage + 1), layers, features, own.sharesEarlier() ? "yes" : "no", exit(own));
    }
    return table.format() + "\n";
  }

  private static String exit(StageSpec stage) {
    return switch (stage.exit()) {
      case null -> "last";
      case ExitSpec.Confidence exit -> exit.measure().specName() + " ≥ " + exit.threshold();
      case ExitSpec.Halting exit -> "halts, epsilon " + exit.epsilon();
    };
  }

  private TextTable layers() {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("activation")
            .right("blocks")
            .right("dense MACs")
            .right("live")
            .left("gate")
            .left("opens")
            .right("gate MACs")
            .left("rule");
    for (int index = 0; index < model.spec().layers().size(); index++) {
      addLayer(table, index);
    }
    return table;
  }

  private void addLayer(TextTable table, int index) {
    ModelSpec spec = model.spec();
    LayerSpec layer = spec.layers().get(index);
    String shape = spec.layerInputs(index) + "→" + layer.units();
    String blocks = layer.blocks() + "×" + layer.blockSize();
    String macs = Figures.count(MacFormulas.product(layer.units(), spec.layerInputs(index)));
    String live = Figures.percent(liveShare(index));
    String activation = layer.activation().specName();
    switch (layer) {
      case LayerSpec.Dense dense ->
          table.row(shape, activation, blocks, macs, live, "none", "", "", "");
      case LayerSpec.Gated gated ->
          table.row(
              shape,
              activation,
              blocks,
              macs,
              live,
              ModelScorer.kind(layer) + light(gated),
              opens(gated),
              Figures.count(gateMacs(spec, index)),
              GateRules.format(gated.gate().rule()));
    }
  }

  /// Of the dense MACs of a layer's own product, those in tiles that have weights.
  private double liveShare(int layer) {
    return TileMap.of(model.weights().layers().get(layer).projection().weights()).liveShare();
  }

  private double[] liveShares() {
    return IntStream.range(0, model.spec().layers().size()).mapToDouble(this::liveShare).toArray();
  }

  private static String light(LayerSpec.Gated gated) {
    return gated.lightRank() == 0 ? "" : ", light " + gated.lightRank();
  }

  private static String opens(LayerSpec.Gated gated) {
    if (gated.gate().granularity() == Granularity.UNIT) {
      return "a unit";
    }
    int blocks = gated.gate().blocksPerGate();
    return blocks == 1 ? "a block" : blocks + " blocks";
  }

  private static long gateMacs(ModelSpec spec) {
    long sum = 0;
    for (int index = 0; index < spec.layers().size(); index++) {
      sum += gateMacs(spec, index);
    }
    return sum;
  }

  /// With all inputs read; closed ones make it less.
  private static long gateMacs(ModelSpec spec, int index) {
    return spec.gateProjections(index).stream().mapToLong(ModelListing::macs).sum();
  }

  private static long macs(ProjectionSpec projection) {
    return MacFormulas.product(projection.units(), projection.inputs());
  }

  private static long parameters(ModelSpec spec) {
    long sum = 0;
    for (int index = 0; index < spec.layers().size(); index++) {
      sum += parameters(spec.projection(index));
      for (Chain chain : Chain.values()) {
        sum += spec.chain(index, chain).stream().mapToLong(ModelListing::parameters).sum();
      }
    }
    return sum;
  }

  private static long parameters(ProjectionSpec projection) {
    return macs(projection) + (projection.hasBias() ? projection.units() : 0);
  }

  private TextTable tensors() {
    TextTable table =
        new TextTable().left("tensor").left("type").left("shape").right("offset").right("bytes");
    for (TensorEntry tensor : header.tensors()) {
      table.row(
          tensor.name(),
          tensor.dtype().name(),
          tensor.shape().toString(),
          Figures.count(header.fileOffsetBytes(tensor)),
          Figures.count(tensor.bytes()));
    }
    return table;
  }

  private TextTable provenance() {
    TextTable table = new TextTable().left("metadata").left("value");
    sorted().forEach((key, value) -> table.row(key, shortened(value)));
    return table;
  }

  private Map<String, String> sorted() {
    return new TreeMap<>(model.metadata());
  }

  private static String shortened(String value) {
    String line = value.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ');
    return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "…";
  }
}
