package dev.sluice.cli;

import dev.sluice.data.CsvSchema;
import dev.sluice.data.DataSource;
import dev.sluice.data.Dataset;
import dev.sluice.data.Preparation;
import dev.sluice.model.Model;
import dev.sluice.model.OutputForm;
import dev.sluice.runtime.FeatureCheck;
import dev.sluice.runtime.Predictor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// Rows for a trained model: encoded as its training rows were, and proven to fit it.
final class ModelRows {
  private final Model model;
  private final Dataset rows;
  private final Predictor predictor;
  private final float[] features;
  private final MemorySegment featureSegment;
  private final float[] answer;

  ModelRows(Model model, Dataset rows, boolean strict) {
    requireInputs(model, rows);
    this.model = model;
    this.rows = rows;
    this.predictor = Predictor.of(model, strict ? FeatureCheck.FINITE : FeatureCheck.NONE);
    this.features = new float[rows.features()];
    this.featureSegment = MemorySegment.ofArray(features);
    this.answer = new float[predictor.outputs()];
  }

  /// The readers of `data`; text tables are encoded by the schema that the model carries.
  static DataSource source(DataOption data, CommonOptions common, Model model) {
    DataSource source = data.source(common);
    String schema = model.metadata().get(TrainingJob.SCHEMA_KEY);
    return schema == null ? source : source.withSchema(CsvSchema.fromJson(schema));
  }

  /// Names of classes as the training table had them, empty if it had none.
  static List<String> classNames(Model model) {
    String schema = model.metadata().get(TrainingJob.SCHEMA_KEY);
    return schema == null
        ? preparation(model).map(Preparation::classNames).orElse(List.of())
        : CsvSchema.fromJson(schema).classNames();
  }

  private static Optional<Preparation> preparation(Model model) {
    return Optional.ofNullable(model.metadata().get(TrainingJob.PREPARATION_KEY))
        .map(Preparation::fromJson);
  }

  static void requireInputs(Model model, Dataset rows) {
    if (rows.features() != model.spec().inputs()) {
      throw new CommandFailure(
          "input length differs from model: expected="
              + model.spec().inputs()
              + ", actual="
              + rows.features()
              + ", data="
              + rows.name()
              + "; use the data set that the model was trained on");
    }
    if (rows.schema().isPresent() && !model.metadata().containsKey(TrainingJob.SCHEMA_KEY)) {
      throw new CommandFailure(
          "model carries no csv schema, so its training rows were not encoded as these: data="
              + rows.name()
              + "; train it with --data csv:FILE");
    }
    requirePreparation(model, rows);
  }

  /// A model that knows nothing of a preparation, an imported one, takes any rows of its length.
  private static void requirePreparation(Model model, Dataset rows) {
    Optional<Preparation> trained = preparation(model);
    if (trained.isEmpty()) {
      return;
    }
    Optional<String> difference =
        rows.preparation().isEmpty()
            ? Optional.of("setting=kind, model=" + trained.get().kind() + ", data=none")
            : trained.get().difference(rows.preparation().get());
    if (difference.isPresent()) {
      throw new CommandFailure(
          "rows are prepared otherwise than those the model was trained on: "
              + difference.get()
              + ", rows="
              + rows.name()
              + "; use the --data text of the training");
    }
  }

  /// Refuses rows whose labels or targets are not what the model answers.
  void requireTargets() {
    int outputs = model.spec().outputs();
    int classes = outputs == 1 && model.spec().output() == OutputForm.SIGMOID ? 2 : outputs;
    if (rows.rows() == 0 || !rows.labelled()) {
      throw new CommandFailure(
          "data have no labels to compare with: data="
              + rows.name()
              + ", rows="
              + rows.rows()
              + "; sluice predict needs none");
    }
    if (rows.classes() > classes) {
      throw misfit("classes exceed model outputs", classes, rows.classes());
    }
    if (rows.classes() == 0 && rows.targets() != outputs) {
      throw misfit("targets differ from model outputs", outputs, rows.targets());
    }
  }

  private CommandFailure misfit(String what, int expected, int actual) {
    return new CommandFailure(
        what
            + ": expected="
            + expected
            + ", actual="
            + actual
            + ", data="
            + rows.name()
            + "; use the data set that the model was trained on");
  }

  Model model() {
    return model;
  }

  Dataset rows() {
    return rows;
  }

  /// Executed the row last answered; has its MACs and open gates.
  Predictor predictor() {
    return predictor;
  }

  /// The last layer's values of a row; the array is reused.
  float[] logits(int row) {
    load(row);
    try {
      predictor.logits(features, answer);
    } catch (IllegalArgumentException e) {
      throw inRow(row, e);
    }
    return answer;
  }

  /// Scores of a row in the model's output form; the array is reused.
  float[] scores(int row) {
    load(row);
    try {
      predictor.predict(features, answer);
    } catch (IllegalArgumentException e) {
      throw inRow(row, e);
    }
    return answer;
  }

  private void load(int row) {
    rows.copyFeatures(row, featureSegment, 0);
  }

  /// With `--strict` a predictor refuses a row without knowing which one it is.
  private CommandFailure inRow(int row, IllegalArgumentException e) {
    return new CommandFailure(
        e.getMessage()
            + ", row="
            + row
            + ", data="
            + rows.name()
            + "; leave out --strict to compute with it");
  }
}
