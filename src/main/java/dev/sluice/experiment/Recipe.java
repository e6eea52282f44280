package dev.sluice.experiment;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.Activation;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.train.FeatureRanking;
import dev.sluice.train.TrainingOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How every network of a data set is built and trained: the reference, its equal-MAC comparators and the networks of all methods alike.
///
/// @param hidden widths of the reference network's hidden layers, at least one
/// @param blockSize of gated layers
/// @param options of every training; the experiment sets the seed, and holds out their `validationShare` before training
/// @param teacher whose answers are distilled with `options.distillation`; empty for none
/// @param selection what networks read that do not read all features, as [FeatureRanking#parse] understands it: `300`, `grid:2`, `all`
public record Recipe(
    List<Integer> hidden,
    Activation activation,
    int blockSize,
    TrainingOptions options,
    Optional<TeacherRecipe> teacher,
    String selection) {
  /// Without a selection of features.
  public Recipe(
      List<Integer> hidden,
      Activation activation,
      int blockSize,
      TrainingOptions options,
      Optional<TeacherRecipe> teacher) {
    this(hidden, activation, blockSize, options, teacher, "all");
  }

  public Recipe {
    hidden = List.copyOf(hidden);
    if (hidden.isEmpty()) {
      throw new IllegalArgumentException("reference network needs a hidden layer: hidden=[]");
    }
    if (!(options.validationShare() > 0)) {
      throw new IllegalArgumentException(
          "an experiment needs validation rows: validationShare=" + options.validationShare());
    }
  }

  public Recipe withHidden(List<Integer> value) {
    return new Recipe(value, activation, blockSize, options, teacher, selection);
  }

  public Recipe withBlockSize(int value) {
    return new Recipe(hidden, activation, value, options, teacher, selection);
  }

  public Recipe withOptions(TrainingOptions value) {
    return new Recipe(hidden, activation, blockSize, value, teacher, selection);
  }

  public Recipe withEpochs(int value) {
    return withOptions(options.toBuilder().epochs(value).build());
  }

  public Recipe withTeacher(Optional<TeacherRecipe> value) {
    return new Recipe(hidden, activation, blockSize, options, value, selection);
  }

  public Recipe withSelection(String value) {
    return new Recipe(hidden, activation, blockSize, options, teacher, value);
  }

  /// Widths of the reference network on `data`, inputs first.
  public List<Integer> widths(Dataset data) {
    return widths(data, hidden);
  }

  static List<Integer> widths(Dataset data, List<Integer> hidden) {
    List<Integer> widths = new ArrayList<>();
    widths.add(data.features());
    widths.addAll(hidden);
    widths.add(data.classes());
    return widths;
  }

  /// The dense network that relative MACs are relative to.
  public ModelSpec reference(Dataset data) {
    return dense(widths(data));
  }

  /// A dense network of other widths.
  public ModelSpec dense(List<Integer> widths) {
    return ModelSpec.dense(widths, blockSize, activation, OutputForm.SOFTMAX);
  }

  /// Everything that decides what is trained, by name, but data, method, budget and seed.
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("hidden", join(hidden));
    settings.put("activation", activation.specName());
    settings.put("blockSize", Integer.toString(blockSize));
    settings.put("teacher", teacher.map(TeacherRecipe::toString).orElse("none"));
    settings.put("selection", selection);
    options.settings().forEach(settings::put);
    settings.remove("seed");
    return settings;
  }

  static String join(List<Integer> widths) {
    return widths.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }
}
