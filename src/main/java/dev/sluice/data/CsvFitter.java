package dev.sluice.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/// Fits a schema in one pass over the training rows of a table.
final class CsvFitter {
  private final CsvTable table;
  private final CsvOptions options;
  private final Set<Integer> labels;
  private final Set<Integer> ignored;
  private final List<ColumnStatistics> statistics = new ArrayList<>();

  private CsvFitter(CsvTable table, CsvOptions options) {
    this.table = table;
    this.options = options;
    this.labels = columns(options.labels());
    this.ignored = columns(options.ignored());
    table.names().forEach(name -> statistics.add(new ColumnStatistics(name)));
  }

  /// @param isTraining whether the row with this index, from 0, belongs to the training part
  static CsvSchema fit(CsvTable table, CsvOptions options, LongPredicate isTraining) {
    CsvFitter fitter = new CsvFitter(table, options);
    long index = 0;
    long fitted = 0;
    for (CsvTable.Row row = table.next(); row != null; row = table.next()) {
      if (isTraining.test(index++)) {
        fitter.add(row);
        fitted++;
      }
    }
    if (fitted == 0) {
      throw new DatasetException(
          "csv file has no rows to train on: path=" + table.path() + ", rows=" + index);
    }
    return fitter.schema();
  }

  private Set<Integer> columns(List<String> namesOrIndices) {
    Set<Integer> columns = new HashSet<>();
    namesOrIndices.forEach(column -> columns.add(column(column)));
    return columns;
  }

  private int column(String nameOrIndex) {
    List<String> names = table.names();
    int index = names.indexOf(nameOrIndex);
    if (index < 0 && nameOrIndex.matches("-?\\d{1,9}")) {
      int given = Integer.parseInt(nameOrIndex);
      index = given < 0 ? given + names.size() : given;
    }
    if (index < 0 || index >= names.size()) {
      throw new DatasetException(
          "csv column unknown: path="
              + table.path()
              + ", column="
              + nameOrIndex
              + ", columns="
              + names);
    }
    return index;
  }

  private void add(CsvTable.Row row) {
    for (int i = 0; i < statistics.size(); i++) {
      String cell = row.cells().get(i);
      if (ignored.contains(i)) {
        continue;
      }
      if (labels.contains(i)) {
        addLabel(row, i, cell);
      } else if (options.missing().contains(cell)) {
        statistics.get(i).addMissing();
      } else {
        statistics.get(i).add(cell);
      }
    }
  }

  private void addLabel(CsvTable.Row row, int column, String cell) {
    String label = CsvEncoder.withoutSuffix(cell, options.labelSuffix());
    if (options.missing().contains(label)) {
      throw CsvEncoder.cellError(table, row, table.names().get(column), "csv label missing", cell);
    }
    statistics.get(column).add(label);
  }

  private CsvSchema schema() {
    boolean regression = isRegression();
    List<CsvColumn> columns = new ArrayList<>();
    for (int i = 0; i < statistics.size(); i++) {
      ColumnStatistics column = statistics.get(i);
      if (labels.contains(i)) {
        columns.add(regression ? target(column) : column.classLabel(path()));
      } else if (ignored.contains(i)) {
        columns.add(new CsvColumn.Ignored(column.name()));
      } else {
        columns.add(column.feature(path()));
      }
    }
    return new CsvSchema(columns, options.missing());
  }

  private String path() {
    return table.path().toString();
  }

  private boolean isRegression() {
    return switch (options.task()) {
      case REGRESSION -> true;
      case CLASSIFICATION -> false;
      case DETECT ->
          labels.stream().map(statistics::get).noneMatch(ColumnStatistics::anyText)
              && (labels.size() > 1
                  || labels.stream().map(statistics::get).anyMatch(ColumnStatistics::anyFraction));
    };
  }

  private CsvColumn target(ColumnStatistics column) {
    if (column.anyText()) {
      throw new DatasetException(
          "regression target is not a number: path=" + path() + ", column=" + column.name());
    }
    return new CsvColumn.Target(column.name());
  }
}
