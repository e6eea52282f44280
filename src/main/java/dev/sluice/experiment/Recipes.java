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
      new Recipe(List.of(256, 128), Activation.RELU, 32, options(20, 0.2, 0), Optional.empty());

  private static final Map<String, Recipe> BY_DATA =
      Map.of(
          "mnist",
          recipe(List.of(512, 512), options(20, 0.2, 1), teacher(2, 1024, 1024)),
          "fashion-mnist",
          recipe(List.of(512, 512), options(20, 0.2, 1), teacher(2, 1024, 1024)),
          "cifar10",
          recipe(List.of(1024, 512), cifarOptions(), teacher(1, 2048, 1024)),
          "adult",
          recipe(List.of(256, 128), options(12, 0.2, 0), teacher(3, 256, 128)),
          "pbmc3k",
          new Recipe(
              List.of(1000, 500), Activation.GELU, 32, options(30, 0.3, 0), teacher(3, 1000, 500)),
          "fsdd",
          recipe(List.of(512, 256), options(30, 0.3, 0), teacher(3, 512, 256)),
          "imdb",
          recipe(List.of(256, 64), options(8, 0.3, 0), teacher(2, 256, 64)),
          "stroke-digits",
          recipe(List.of(512, 512), options(10, 0.2, 0), Optional.empty()));

  private Recipes() {}

  /// @param data as it was asked for: `mnist`, `stroke-digits?rows=300`, `csv:FILE?label=y`
  public static Recipe of(String data) {
    return BY_DATA.getOrDefault(data.split("[:?]", 2)[0], STANDARD);
  }

  private static Recipe recipe(
      List<Integer> hidden, TrainingOptions options, Optional<TeacherRecipe> teacher) {
    return new Recipe(hidden, Activation.RELU, 32, options, teacher);
  }

  private static Optional<TeacherRecipe> teacher(int models, Integer... hidden) {
    return Optional.of(new TeacherRecipe(List.of(hidden), models));
  }

  private static TrainingOptions options(int epochs, double dropout, int shift) {
    return TrainingOptions.builder()
        .epochs(epochs)
        .optimizer(OptimizerOptions.AdamW.withDecay(1e-2))
        .learningRate(LearningRate.oneCycle(2e-3))
        .dropout(dropout)
        .augmentation(shift == 0 ? Augmentation.none() : Augmentation.shifts(shift))
        .distillation(new Distillation(3, 0.7))
        .build();
  }

  private static TrainingOptions cifarOptions() {
    return options(30, 0.2, 0).toBuilder()
        .augmentation(new Augmentation(4, true, 0, Augmentation.DEFAULT_VARIANTS))
        .build();
  }
}
