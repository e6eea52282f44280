package dev.sluice.cli;

import dev.sluice.experiment.Recipe;
import dev.sluice.experiment.TeacherRecipe;
import dev.sluice.model.ModelSpec;
import dev.sluice.train.TrainingOptions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Changes to the recipe of a data set, for every network alike.
final class RecipeOptions {
  @Option(
      names = "--hidden",
      paramLabel = "WIDTHS",
      description = "Hidden layers of the dense reference network, for instance 512-512.")
  private @Nullable String hidden;

  @Option(names = "--block", paramLabel = "B", description = "Units of a gated block.")
  private @Nullable Integer block;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training rows.")
  private @Nullable Integer epochs;

  @Option(names = "--learning-rate", paramLabel = "RATE", description = "Highest learning rate.")
  private @Nullable Double learningRate;

  @Option(names = "--dropout", paramLabel = "P", description = "Of hidden outputs.")
  private @Nullable Double dropout;

  @Option(
      names = "--teacher",
      paramLabel = "T",
      description =
          "Dense networks that all others are distilled from: none, or WIDTHS[:MODELS], for"
              + " instance 1024-1024:2.")
  private @Nullable String teacher;

  /// The recipe with what was given.
  Recipe apply(Recipe recipe, CommonOptions common) {
    return common.options(() -> changed(recipe));
  }

  private Recipe changed(Recipe recipe) {
    Recipe result = recipe.withOptions(options(recipe.options()));
    if (hidden != null) {
      List<Integer> widths = ModelSpec.parseArchitecture(hidden);
      result = result.withHidden(widths);
    }
    if (block != null) {
      result = result.withBlockSize(block);
    }
    if (teacher != null) {
      result =
          result.withTeacher(
              teacher.equals("none")
                  ? Optional.empty()
                  : Optional.of(TeacherRecipe.parse(teacher)));
    }
    return result;
  }

  private TrainingOptions options(TrainingOptions options) {
    TrainingOptions.Builder builder = options.toBuilder();
    if (epochs != null) {
      builder.epochs(epochs);
    }
    if (learningRate != null) {
      builder.learningRate(options.learningRate().withPeak(learningRate));
    }
    if (dropout != null) {
      builder.dropout(dropout);
    }
    return builder.build();
  }
}
