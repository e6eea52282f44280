package dev.sluice.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The transform from the columns of a text table to features and targets, fitted on a training
/// part. Immutable; a model carries it as JSON, so that what it predicts later is transformed as
/// what it was trained on.
///
/// @param columns of the table, in order; features follow the same order
/// @param missing cells that count as missing, after trimming
public record CsvSchema(List<CsvColumn> columns, Set<String> missing) {
  public CsvSchema {
    columns = List.copyOf(columns);
    missing = Set.copyOf(missing);
    requireDistinctNames(columns);
    long labels = count(columns, CsvColumn.ClassLabel.class);
    long targets = count(columns, CsvColumn.Target.class);
    if (labels > 1 || (labels == 1) == (targets > 0)) {
      throw new DatasetException(
          "csv schema needs one label column or target columns: labels="
              + labels
              + ", targets="
              + targets);
    }
    if (columns.stream().mapToInt(CsvColumn::width).sum() == 0) {
      throw new DatasetException("csv schema has no feature: columns=" + columns.size());
    }
  }

  private static void requireDistinctNames(List<CsvColumn> columns) {
    Set<String> seen = new HashSet<>();
    for (CsvColumn column : columns) {
      if (!seen.add(column.name())) {
        throw new DatasetException("csv column named twice: column=" + column.name());
      }
    }
  }

  private static long count(List<CsvColumn> columns, Class<? extends CsvColumn> kind) {
    return columns.stream().filter(kind::isInstance).count();
  }

  /// Length of a row of features.
  public int features() {
    return columns.stream().mapToInt(CsvColumn::width).sum();
  }

  /// 0 for regression.
  public int classes() {
    return classNames().size();
  }

  /// Name of each class by index; empty for regression.
  public List<String> classNames() {
    for (CsvColumn column : columns) {
      if (column instanceof CsvColumn.ClassLabel label) {
        return label.values();
      }
    }
    return List.of();
  }

  /// Width of a regression target; 0 for classification.
  public int targets() {
    return (int) count(columns, CsvColumn.Target.class);
  }

  /// One name per feature: `age`, `workclass=Private`, `workclass=` for a missing value.
  public List<String> featureNames() {
    List<String> names = new ArrayList<>();
    for (CsvColumn column : columns) {
      switch (column) {
        case CsvColumn.Numeric numeric -> names.add(numeric.name());
        case CsvColumn.Category category ->
            category.values().forEach(value -> names.add(category.name() + "=" + value));
        case CsvColumn.Ignored _, CsvColumn.ClassLabel _, CsvColumn.Target _ -> {}
      }
    }
    return names;
  }

  /// One line of JSON from which [#fromJson] makes an equal schema.
  public String toJson() {
    return CsvSchemaJson.write(this);
  }

  /// @throws DatasetException if `json` is not a schema this version knows
  public static CsvSchema fromJson(String json) {
    return CsvSchemaJson.read(json);
  }
}
