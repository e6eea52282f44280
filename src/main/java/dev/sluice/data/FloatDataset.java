package dev.sluice.data;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rows kept as f32, for classification or regression, with or without labels.
public final class FloatDataset implements Dataset {
  private final String name;
  private final float[] values;
  private final int rows;
  private final int features;
  private final int[] labels;
  private final int classes;
  private final float[] targetValues;
  private final int targets;
  private final @Nullable CsvSchema schema;
  private final @Nullable Preparation preparation;
  private volatile @Nullable String contentHash;

  /// Labels and targets may both be empty: rows to predict. Arrays are taken over, not copied.
  FloatDataset(
      String name,
      float[] values,
      int features,
      int[] labels,
      int classes,
      float[] targetValues,
      int targets,
      @Nullable CsvSchema schema) {
    this(name, values, features, labels, classes, targetValues, targets, schema, null);
  }

  private FloatDataset(
      String name,
      float[] values,
      int features,
      int[] labels,
      int classes,
      float[] targetValues,
      int targets,
      @Nullable CsvSchema schema,
      @Nullable Preparation preparation) {
    RowChecks.shape(features, classes);
    if (values.length % features != 0) {
      throw new IllegalArgumentException(
          "feature values are not whole rows: values=" + values.length + ", features=" + features);
    }
    this.name = name;
    this.values = values;
    this.rows = values.length / features;
    this.features = features;
    this.labels = labels;
    this.classes = classes;
    this.targetValues = targetValues;
    this.targets = targets;
    this.schema = schema;
    this.preparation = preparation;
    for (int row = 0; row < labels.length; row++) {
      RowChecks.label(row, labels[row], classes);
    }
  }

  /// The arrays become the dataset's own and must not be written afterwards.
  ///
  /// @param values row-major, `labels.length · features` values
  /// @throws DatasetException if a label is not in `[0, classes)`
  public static FloatDataset classification(
      String name, float[] values, int features, int[] labels, int classes) {
    FloatDataset dataset =
        new FloatDataset(name, values, features, labels, classes, new float[0], 0, null);
    requireRows("labels", dataset.rows, labels.length);
    return dataset;
  }

  /// Classification rows that know how they were made; classes are those of `preparation`. Arrays
  /// are taken over, not copied.
  static FloatDataset prepared(
      String name, float[] values, int features, int[] labels, Preparation preparation) {
    int classes = preparation.classNames().size();
    FloatDataset dataset =
        new FloatDataset(
            name, values, features, labels, classes, new float[0], 0, null, preparation);
    requireRows("labels", dataset.rows, labels.length);
    return dataset;
  }

  /// The arrays become the dataset's own and must not be written afterwards.
  ///
  /// @param targetValues row-major, `rows · targets` values
  public static FloatDataset regression(
      String name, float[] values, int features, float[] targetValues, int targets) {
    if (targets < 1) {
      throw new IllegalArgumentException("regression needs a target: targets=" + targets);
    }
    FloatDataset dataset =
        new FloatDataset(name, values, features, new int[0], 0, targetValues, targets, null);
    requireRows("target values", (long) dataset.rows * targets, targetValues.length);
    return dataset;
  }

  private static void requireRows(String what, long expected, int actual) {
    if (expected != actual) {
      throw new IllegalArgumentException(
          what + " differ from rows: expected=" + expected + ", actual=" + actual);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int targets() {
    return targets;
  }

  @Override
  public boolean labelled() {
    return rows == 0 || labels.length + targetValues.length > 0;
  }

  @Override
  public Optional<CsvSchema> schema() {
    return Optional.ofNullable(schema);
  }

  @Override
  public Optional<Preparation> preparation() {
    return Optional.ofNullable(preparation);
  }

  @Override
  public void copyFeatures(int row, MemorySegment destination, long offsetBytes) {
    RowChecks.row(row, rows);
    RowChecks.destination(destination, offsetBytes, features);
    MemorySegment.copy(
        values, row * features, destination, RowChecks.FEATURE, offsetBytes, features);
  }

  @Override
  public int label(int row) {
    RowChecks.row(row, rows);
    if (classes == 0) {
      throw RowChecks.noLabels(this);
    }
    requireLabelled();
    return labels[row];
  }

  @Override
  public void copyTargets(int row, float[] destination) {
    RowChecks.row(row, rows);
    if (targets == 0) {
      throw RowChecks.noTargets(this);
    }
    requireLabelled();
    if (destination.length < targets) {
      throw new IllegalArgumentException(
          "destination too small for targets: needed="
              + targets
              + ", actual="
              + destination.length);
    }
    System.arraycopy(targetValues, row * targets, destination, 0, targets);
  }

  private void requireLabelled() {
    if (!labelled()) {
      throw new DatasetException("data have no labels: name=" + name);
    }
  }

  /// Hash of the line `f32 rows features classes targets`, the features, the labels (i32) and the
  /// targets.
  @Override
  public String contentHash() {
    String hash = contentHash;
    if (hash == null) {
      hash =
          new ContentHash("f32 " + rows + " " + features + " " + classes + " " + targets)
              .add(values)
              .add(labels)
              .add(targetValues)
              .hex();
      contentHash = hash;
    }
    return hash;
  }
}
