package dev.sluice.experiment;

import dev.sluice.model.ModelSpec;
import java.util.List;

/// Dense networks whose common answers every other network of an experiment is distilled from.
///
/// @param hidden widths of their hidden layers
/// @param models at least 1; they differ in their seeds
public record TeacherRecipe(List<Integer> hidden, int models) {
  public TeacherRecipe {
    hidden = List.copyOf(hidden);
    if (models < 1) {
      throw new IllegalArgumentException("teacher needs a model: models=" + models);
    }
  }

  /// `1024-1024` or `1024-1024:3`, the inverse of [#toString].
  public static TeacherRecipe parse(String text) {
    int colon = text.indexOf(':');
    List<Integer> hidden = ModelSpec.parseArchitecture(colon < 0 ? text : text.substring(0, colon));
    try {
      return new TeacherRecipe(hidden, colon < 0 ? 1 : Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("teacher is not WIDTHS[:MODELS]: teacher=" + text, e);
    }
  }

  @Override
  public String toString() {
    return Recipe.join(hidden) + ":" + models;
  }
}
