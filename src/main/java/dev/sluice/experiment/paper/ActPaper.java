package dev.sluice.experiment.paper;

import dev.sluice.experiment.Recipe;
import dev.sluice.experiment.Setting;
import dev.sluice.kernel.Activation;
import dev.sluice.memory.PanelLayout;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import dev.sluice.train.StageOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// Adaptive computation time: Graves, arXiv 1603.08983, over the stages of a feed-forward network, by its price of pondering τ.
final class ActPaper implements Paper {
  static final int STAGES = 4;
  private static final float EPSILON = 0.01f;

  @Override
  public String name() {
    return "act";
  }

  @Override
  public String reference() {
    return "A. Graves, Adaptive computation time for recurrent neural networks, arXiv 1603.08983"
        + " (2016)";
  }

  @Override
  public List<PaperSetting> settings() {
    List<PaperNet> nets = new ArrayList<>();
    nets.add(PaperNet.unpublished(PresetMethod.dense("dense")));
    DoubleStream.of(0, 0.003, 0.01, 0.03, 0.1)
        .mapToObj(tau -> PaperNet.unpublished(halting(tau)))
        .forEach(nets::add);
    Recipe recipe = PaperRecipes.regularised(List.of(512), 20);
    return List.of(
        new PaperSetting(
            "mnist",
            "mnist",
            recipe,
            List.of(Metric.ACCURACY, Metric.STAGES, Metric.PONDER, Metric.RELATIVE_MACS),
            nets,
            List.of(
                "the paper halts the steps of a recurrent network and has no such table; here a"
                    + " step is a stage of a quarter of the units, which reads what earlier ones"
                    + " have computed",
                "heads and halting units of all stages that run are counted",
                "N stages run, R is what is left to the last of them")));
  }

  private static PresetMethod halting(double tau) {
    return new PresetMethod(
        String.format(Locale.ROOT, "halting, τ %s", tau == 0 ? "0" : Double.toString(tau)),
        "halting",
        ActPaper::spec,
        (options, _) -> options.stages(StageOptions.defaults().withPonderWeight(tau)));
  }

  /// The hidden layers of the reference network, cut into stages.
  static ModelSpec spec(Setting setting) {
    Recipe recipe = setting.recipe();
    int outputs = setting.widths().getLast();
    List<StageSpec> stages = new ArrayList<>();
    for (int stage = 0; stage < STAGES; stage++) {
      List<LayerSpec> layers = new ArrayList<>();
      for (int units : recipe.hidden()) {
        layers.add(layer(Math.ceilDiv(units, STAGES), recipe, recipe.activation()));
      }
      layers.add(layer(outputs, recipe, Activation.IDENTITY));
      stages.add(
          new StageSpec(FeatureSelection.all(), stage > 0, layers, new ExitSpec.Halting(EPSILON)));
    }
    return new ModelSpec(setting.widths().getFirst(), stages, OutputForm.SOFTMAX);
  }

  private static LayerSpec layer(int units, Recipe recipe, Activation activation) {
    int block = PanelLayout.fittingBlockSize(units, recipe.blockSize());
    return new LayerSpec.Dense(units, block, activation);
  }
}
