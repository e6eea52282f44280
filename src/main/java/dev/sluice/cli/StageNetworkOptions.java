package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.model.ExitSpec;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.StageSpec;
import dev.sluice.train.FeatureRanking;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The stages of a network to be trained: what they read, what they share, when rows stop.
final class StageNetworkOptions {
  private static final float DEFAULT_THRESHOLD = 0.9f;
  private static final float HALTING_EPSILON = 0.01f;

  @Option(
      names = "--share-stages",
      description = "Later stages also read what the layers of earlier ones have computed.")
  private boolean shares;

  @Option(
      names = "--stage-features",
      paramLabel = "WHAT[,WHAT]",
      description =
          "What each stage reads of a row: all, the N features of largest standard deviation, or"
              + " grid:STEP of a picture. Default: as many as the stage's first width.")
  private @Nullable String features;

  @Option(
      names = "--exit",
      paramLabel = "MEASURE",
      description =
          "Rows stop where a stage is sure: max-probability, margin or entropy. Default:"
              + " max-probability, for networks of several stages.")
  private @Nullable String exit;

  @Option(
      names = "--exit-threshold",
      paramLabel = "X[,X]",
      description =
          "Confidence at which rows stop, one for all exits or one each; --mac-budget finds them."
              + " Default: 0.9.")
  private @Nullable String thresholds;

  @Option(names = "--halting", description = "Rows stop where a learned halting unit says so.")
  private boolean halts;

  /// The first option that only several stages can obey, empty if none was given.
  String givenOption() {
    return shares
        ? "--share-stages"
        : features != null
            ? "--stage-features"
            : exit != null
                ? "--exit"
                : thresholds != null ? "--exit-threshold" : halts ? "--halting" : "";
  }

  boolean halts() {
    return halts;
  }

  /// Stages of these layers; which features they read, only the data tells ([#withFeatures]), but not how many.
  List<StageSpec> stages(CommonOptions common, List<List<LayerSpec>> layers) {
    if (halts && (exit != null || thresholds != null)) {
      throw common.misuse("--halting and --exit exclude each other");
    }
    List<StageSpec> stages = new ArrayList<>();
    for (int stage = 0; stage < layers.size(); stage++) {
      boolean isLast = stage == layers.size() - 1;
      stages.add(
          new StageSpec(
              FeatureSelection.all(),
              shares && stage > 0,
              layers.get(stage),
              exit(common, stage, layers.size() - 1, isLast)));
    }
    return stages;
  }

  private @Nullable ExitSpec exit(CommonOptions common, int stage, int exits, boolean isLast) {
    if (halts) {
      return new ExitSpec.Halting(HALTING_EPSILON);
    }
    if (isLast) {
      return null;
    }
    String name = exit;
    ExitSpec.Measure measure =
        name == null
            ? ExitSpec.Measure.MAX_PROBABILITY
            : common.option("--exit", () -> ExitSpec.Measure.ofSpecName(name));
    float threshold = common.option("--exit-threshold", () -> threshold(stage, exits));
    return new ExitSpec.Confidence(measure, threshold);
  }

  private float threshold(int stage, int exits) {
    if (thresholds == null) {
      return DEFAULT_THRESHOLD;
    }
    List<Double> given = OptionTexts.numbers(thresholds);
    if (given.size() != 1 && given.size() != exits) {
      throw new IllegalArgumentException(
          "thresholds differ from exits: thresholds=" + given.size() + ", exits=" + exits);
    }
    return given.get(given.size() == 1 ? 0 : stage).floatValue();
  }

  /// `spec` with the features that its stages read.
  ///
  /// @param widths of the stages, first their features
  ModelSpec withFeatures(
      CommonOptions common, ModelSpec spec, List<List<Integer>> widths, Dataset training) {
    String[] texts = features == null ? new String[0] : features.split(",", -1);
    if (features != null && texts.length != spec.stages().size()) {
      throw common.misuse(
          "--stage-features differ from stages: features="
              + texts.length
              + ", stages="
              + spec.stages().size());
    }
    List<StageSpec> stages = new ArrayList<>();
    for (StageSpec stage : spec.stages()) {
      int index = stages.size();
      int width = widths.get(index).getFirst();
      FeatureSelection selection =
          common.option(
              features == null ? "--layers" : "--stage-features",
              () ->
                  features == null
                      ? FeatureRanking.largestDeviation(training, width)
                      : FeatureRanking.parse(texts[index], training));
      requireWidth(common, index, width, selection, spec.inputs());
      stages.add(new StageSpec(selection, stage.sharesEarlier(), stage.layers(), stage.exit()));
    }
    return new ModelSpec(spec.inputs(), stages, spec.output());
  }

  private static void requireWidth(
      CommonOptions common, int stage, int width, FeatureSelection selection, int inputs) {
    if (width != inputs && width != selection.count(inputs)) {
      throw common.misuse(
          "--stage-features do not fit --layers: stage="
              + (stage + 1)
              + ", first width="
              + width
              + ", features="
              + selection.count(inputs));
    }
  }
}
