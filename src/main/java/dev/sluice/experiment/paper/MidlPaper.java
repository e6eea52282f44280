package dev.sluice.experiment.paper;

import dev.sluice.experiment.Recipe;
import dev.sluice.experiment.Setting;
import dev.sluice.gate.GateSpec;
import dev.sluice.gate.Granularity;
import dev.sluice.gate.LightGate;
import dev.sluice.gate.TopKRule;
import dev.sluice.model.LayerSpec;
import dev.sluice.train.GateOptions;
import java.util.List;
import java.util.Map;

/// MID-L, matrix-interpolated dropout layer: Shaeri & Middel, arXiv 2505.11416. Its equations, ranks, k, networks and tables are not published to us;
/// this is our reading ([LayerSpec.Gated]), on our networks, with our recipes.
final class MidlPaper implements Paper {
  /// Of the gates of a layer: 55 % and more stay closed, as published.
  private static final double OPEN_SHARE = 0.45;

  private static final int RANK = 16;

  @Override
  public String name() {
    return "midl";
  }

  @Override
  public String reference() {
    return "P. Shaeri and A. Middel, MID-L: matrix-interpolated dropout layer, arXiv 2505.11416"
        + " (2025)";
  }

  @Override
  public List<PaperSetting> settings() {
    return List.of(
        on("mnist", 20, 512, 512),
        on("cifar10", 30, 1024, 512),
        on("adult", 12, 256, 128),
        on("imdb", 8, 256, 64));
  }

  private static PaperSetting on(String data, int epochs, Integer... hidden) {
    Recipe recipe = PaperRecipes.regularised(List.of(hidden), epochs);
    return new PaperSetting(
        data,
        data,
        recipe,
        List.of(
            Metric.ACCURACY,
            Metric.INACTIVE_SHARE,
            Metric.UNIT_MACS,
            Metric.RELATIVE_MACS,
            Metric.NOISE_10,
            Metric.NOISE_20,
            Metric.NOISE_30,
            Metric.NOISE_50,
            Metric.SLICED_INFORMATION),
        List.of(
            PaperNet.unpublished(PresetMethod.dense("dense twin")),
            new PaperNet(
                layers("MID-L, units", Granularity.UNIT, true),
                Map.of(Metric.INACTIVE_SHARE, "up to 55 %")),
            PaperNet.unpublished(layers("MID-L, units, open ones learn", Granularity.UNIT, false)),
            PaperNet.unpublished(layers("MID-L, blocks", Granularity.BLOCK, true))),
        List.of(
            "our reading: the equations are not published to us; blocks are ours alone",
            "rank "
                + RANK
                + ", the gate reads the light path's first product; 45 % of the gates open, at"
                + " least one",
            "in training both paths are computed for all units, but for open ones alone where it"
                + " says so",
            "the runtime computes whole blocks: open units are spread over all of them and save"
                + " nothing there; \"closed units free\" is what the paper's counting gives",
            "noise: deviation relative to the range of the features, of pixels all together",
            "information: 200 directions, 16 bins, last hidden layer, closed units 0"));
  }

  /// @param learnsAll whether closed gates too get a gradient
  private static PresetMethod layers(String name, Granularity granularity, boolean learnsAll) {
    return PresetMethod.of(
        name,
        (_, _, units, setting) -> layer(units, granularity, setting),
        (options, _) ->
            options.gates(GateOptions.builder().closedBlockGradient(learnsAll).build()));
  }

  static LayerSpec.Gated layer(int units, Granularity granularity, Setting setting) {
    int block = setting.recipe().blockSize();
    int gates = granularity == Granularity.UNIT ? units : Math.ceilDiv(units, block);
    int open = Math.max(1, (int) (OPEN_SHARE * gates));
    GateSpec gate = new GateSpec(new LightGate(), granularity, 1, new TopKRule(open, 1), true);
    return new LayerSpec.Gated(units, block, setting.recipe().activation(), gate, RANK);
  }
}
