package dev.sluice.experiment;

import dev.sluice.data.Dataset;
import dev.sluice.model.FeatureSelection;
import dev.sluice.model.LayerSpec;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import dev.sluice.model.StageSpec;
import dev.sluice.train.FeatureRanking;
import dev.sluice.train.GateOptions;
import dev.sluice.train.TeacherAnswers;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a method is given: data, recipe, budget and seed. Test rows are not among them.
///
/// @param training rows to fit, those of `validation` left out
/// @param validation rows that choose epochs, thresholds and whatever else is chosen
/// @param budget MACs that a row may execute on average, gates and all else counted, relative to those of [#reference]
/// @param teacher null if the recipe has none
public record Setting(
    Recipe recipe,
    Dataset training,
    Dataset validation,
    double budget,
    long seed,
    @Nullable TeacherAnswers teacher,
    Execution execution) {

  /// Widths of the reference network, inputs first.
  public List<Integer> widths() {
    return recipe.widths(training);
  }

  /// The dense network that the budget is relative to.
  public ModelSpec reference() {
    return recipe.reference(training);
  }

  /// What a network reads, all features or the recipe's selection.
  FeatureSelection features(boolean selects) {
    return selects ? FeatureRanking.parse(recipe.selection(), training) : FeatureSelection.all();
  }

  /// A network of one stage over `features`.
  ModelSpec network(FeatureSelection features, List<LayerSpec> layers) {
    StageSpec stage = new StageSpec(features, false, layers, null);
    return new ModelSpec(widths().getFirst(), List.of(stage), OutputForm.SOFTMAX);
  }

  /// The budget in MACs of a row.
  public long budgetMacs() {
    return Math.round(budget * reference().denseMacs());
  }

  /// The budget relative to the dense MACs of another network.
  public double budgetOf(ModelSpec spec) {
    return (double) budgetMacs() / spec.denseMacs();
  }

  /// The recipe's, with this seed; validation rows are held out already.
  public TrainingOptions options() {
    return recipe.options().toBuilder().seed(seed).validationShare(0).build();
  }

  /// Steps of a training of all the recipe's epochs.
  public long steps() {
    TrainingOptions options = recipe.options();
    return (long) options.epochs() * Math.ceilDiv(training.rows(), options.batchSize());
  }

  /// A training by the recipe, with its teacher and validation rows.
  public Trainer.Builder trainer(ModelSpec spec, TrainingOptions options) {
    Trainer.Builder setup = Trainer.builder(spec, options, training).validation(validation);
    return teacher == null ? setup : setup.teacher(teacher);
  }

  /// Trains a network by the recipe.
  public Trained train(ModelSpec spec, GateOptions gates) {
    return train(spec, options().toBuilder().gates(gates).build());
  }

  public Trained train(ModelSpec spec, TrainingOptions options) {
    return Trained.of(execution.run(trainer(spec, options)));
  }

  /// The same for another budget.
  public Setting withBudget(double value) {
    return new Setting(recipe, training, validation, value, seed, teacher, execution);
  }
}
