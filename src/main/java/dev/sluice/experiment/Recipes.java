package dev.sluice.experiment;

import dev.sluice.kernel.Activation;
import dev.sluice.train.Augmentation;
import dev.sluice.train.Distillation;
import dev.sluice.train.LearningRate;
import dev.sluice.train.OptimizerOptions;
import dev.sluice.train.TrainingOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The list of recipes: the one place that says how a data set is trained on unless somebody asks for something else.
public final class Recipes {
  private static final Recipe STANDARD =
      new Recipe(List.of(256, 128), Activation.RELU, 32, options(20, 2e-3, 0.2), Optional.empty());

  private static final Map<String, Recipe> BY_DATA =
      Map.of(
          "mnist",
          recipe(List.of(512, 512), digits(), teacher("1024-1024"), "300"),
          "fashion-mnist",
          recipe(List.of(512, 512), digits(), teacher("1024-1024"), "400"),
          "cifar10",
          recipe(List.of(1024, 512), photographs(), teacher("1536-768:2:0.1:selected"), "grid:2"),
          "adult",
          recipe(List.of(256, 128), options(12, 2e-3, 0.1), teacher("256-128:3"), "40"),
          "pbmc3k",
          recipe(
              List.of(1000, 500),
              options(30, 1e-3, 0.2),
              teacher("1000-500:2:0.4:selected"),
              "300"),
          "fsdd",
          recipe(List.of(512, 256), options(30, 2e-3, 0.3), teacher("512-256:3"), "800"),
          "imdb",
          recipe(List.of(256, 64), options(8, 2e-3, 0.3), teacher("256-64:2"), "1000"),
          "stroke-digits",
          recipe(List.of(512, 512), options(10, 2e-3, 0.2), Optional.empty(), "300"));

  private Recipes() {}

  /// @param data as it was asked for: `mnist`, `stroke-digits?rows=300`, `csv:FILE?label=y`
  public static Recipe of(String data) {
    return BY_DATA.getOrDefault(data.split("[:?]", 2)[0], STANDARD);
  }

  private static Recipe recipe(
      List<Integer> hidden,
      TrainingOptions options,
      Optional<TeacherRecipe> teacher,
      String selection) {
    return new Recipe(hidden, Activation.RELU, 32, options, teacher, selection);
  }

  private static Optional<TeacherRecipe> teacher(String text) {
    return Optional.of(TeacherRecipe.parse(text));
  }

  private static TrainingOptions options(int epochs, double learningRate, double dropout) {
    return TrainingOptions.builder()
        .epochs(epochs)
        .optimizer(OptimizerOptions.AdamW.withDecay(1e-2))
        .learningRate(LearningRate.oneCycle(learningRate))
        .dropout(dropout)
        .distillation(new Distillation(3, 0.7))
        .build();
  }

  private static TrainingOptions digits() {
    return options(30, 4e-3, 0).toBuilder().augmentation(Augmentation.shifts(1)).build();
  }

  private static TrainingOptions photographs() {
    return options(20, 1e-3, 0.1).toBuilder()
        .labelSmoothing(0.1)
        .augmentation(new Augmentation(2, true, 0, 16))
        .build();
  }
}
