package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.gate.GateSpec;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The blueprint of a network to be trained.
final class NetworkOptions {
  @Option(
      names = "--layers",
      required = true,
      paramLabel = "WIDTHS",
      description =
          "Widths, inputs first: 784-512-512-10; stages by plus, the first to answer first, an"
              + " early one maybe of fewer features: 400-64-10+784-512-512-10.")
  private String layers = "";

  @Mixin private final GateShapeOptions gates = new GateShapeOptions();

  @Option(
      names = "--block",
      paramLabel = "UNITS",
      description = "Units in a block: 8, 16, 32 or 64. Default: ${DEFAULT-VALUE}.")
  private int block = 32;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      description = "Of hidden layers: relu, gelu, tanh or identity. Default: ${DEFAULT-VALUE}.")
  private String activation = Activation.RELU.specName();

  @Mixin private final StageNetworkOptions stages = new StageNetworkOptions();

  StageNetworkOptions stages() {
    return stages;
  }

  GateShapeOptions gates() {
    return gates;
  }

  /// Everything but the output form, which depends on the data.
  ModelSpec spec(CommonOptions common) {
    List<List<Integer>> widths = common.option("--layers", this::widths);
    Activation hidden = common.option("--activation", () -> Activation.ofSpecName(activation));
    requireBlockSize(common);
    List<List<LayerSpec>> layersOfStages = new ArrayList<>();
    for (List<Integer> stage : widths) {
      boolean isLast = layersOfStages.size() == widths.size() - 1;
      layersOfStages.add(network(common, stage, hidden, gates.isGated() && isLast).layers());
    }
    if (widths.size() == 1) {
      return network(common, widths.getFirst(), hidden, gates.isGated());
    }
    int inputs = widths.stream().mapToInt(List::getFirst).max().orElseThrow();
    return common.option(
        "--layers",
        () -> new ModelSpec(inputs, stages.stages(common, layersOfStages), OutputForm.IDENTITY));
  }

  private List<List<Integer>> widths() {
    return Arrays.stream(layers.split("\\+", -1)).map(ModelSpec::parseArchitecture).toList();
  }

  private ModelSpec network(
      CommonOptions common, List<Integer> widths, Activation hidden, boolean isGated) {
    if (!isGated) {
      return common.option(
          "--layers", () -> ModelSpec.dense(widths, block, hidden, OutputForm.IDENTITY));
    }
    GateSpec spec = gates.spec(common);
    return common.option(
        "--layers, --gate, --rule or --light-rank",
        () ->
            ModelSpec.gated(
                widths, block, hidden, OutputForm.IDENTITY, spec, gates.lightRank(common)));
  }

  /// `spec` with the output form that the data asks for, and the features that its stages read.
  ModelSpec forData(CommonOptions common, ModelSpec spec, OutputForm output, Dataset training) {
    ModelSpec answering = new ModelSpec(spec.inputs(), spec.stages(), output);
    requireFit(common, answering, training);
    return spec.isStaged() ? stages.withFeatures(common, answering, widths(), training) : answering;
  }

  /// Narrow layers take smaller blocks, so that a wrong size might never be noticed.
  private void requireBlockSize(CommonOptions common) {
    if (!PanelLayout.isBlockSize(block)) {
      throw common.misuse("invalid --block: not one of 8, 16, 32, 64: blockSize=" + block);
    }
  }

  /// Refuses data whose rows the widths cannot take.
  private void requireFit(CommonOptions common, ModelSpec spec, Dataset data) {
    if (data.features() != spec.inputs()) {
      throw misfit(common, data, "features", data.features(), "the first width", spec.inputs());
    }
    boolean isBinary =
        data.classes() == 2 && spec.outputs() == 1 && spec.output() == OutputForm.SIGMOID;
    if (data.classes() > 0 && data.classes() != spec.outputs() && !isBinary) {
      throw misfit(common, data, "classes", data.classes(), "the last width", spec.outputs());
    }
    if (data.classes() == 0 && data.targets() != spec.outputs()) {
      throw misfit(common, data, "targets", data.targets(), "the last width", spec.outputs());
    }
  }

  private RuntimeException misfit(
      CommonOptions common, Dataset data, String what, int actual, String width, int given) {
    return common.misuse(
        "--layers does not fit the data: "
            + width
            + "="
            + given
            + ", "
            + what
            + "="
            + actual
            + ", layers="
            + layers
            + ", data="
            + data.name()
            + "; make "
            + width
            + " "
            + actual);
  }
}
