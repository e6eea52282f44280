package dev.sluice.experiment;

import dev.sluice.model.ModelSpec;
import java.util.List;

/// Dense networks whose common answers every other network of an experiment is distilled from.
///
/// @param hidden widths of their hidden layers
/// @param models at least 1; they differ in their seeds
/// @param dropout of their training, where nobody tells them how sure to be
/// @param selects whether they read the recipe's selection of features alone
public record TeacherRecipe(List<Integer> hidden, int models, double dropout, boolean selects) {
  private static final double DROPOUT = 0.3;
  private static final String SELECTED = "selected";

  public TeacherRecipe {
    hidden = List.copyOf(hidden);
    if (models < 1) {
      throw new IllegalArgumentException("teacher needs a model: models=" + models);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("teacher dropout out of range: dropout=" + dropout);
    }
  }

  /// Over all features.
  public TeacherRecipe(List<Integer> hidden, int models) {
    this(hidden, models, DROPOUT, false);
  }

  /// `1024-1024`, `1024-1024:3`, `1024-1024:3:0.2` or `1024-1024:3:0.2:selected`, the inverse of [#toString].
  public static TeacherRecipe parse(String text) {
    String[] parts = text.split(":", -1);
    List<Integer> hidden = ModelSpec.parseArchitecture(parts[0]);
    boolean selects = parts.length == 4 && parts[3].equals(SELECTED);
    try {
      if (parts.length > 4 || (parts.length == 4 && !selects)) {
        throw new NumberFormatException("not understood");
      }
      int models = parts.length < 2 ? 1 : Integer.parseInt(parts[1]);
      double dropout = parts.length < 3 ? DROPOUT : Double.parseDouble(parts[2]);
      return new TeacherRecipe(hidden, models, dropout, selects);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "teacher is not WIDTHS[:MODELS[:DROPOUT[:selected]]]: teacher=" + text, e);
    }
  }

  @Override
  public String toString() {
    return Recipe.join(hidden) + ":" + models + ":" + dropout + (selects ? ":" + SELECTED : "");
  }
}
