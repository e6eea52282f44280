package dev.sluice.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Applies a schema to the rows of a table, one by one.
final class CsvEncoder {
  /// @param cell index of the column in the table
  /// @param feature first feature of the column
  /// @param indexOf position of each category or class
  private record Binding(CsvColumn column, int cell, int feature, Map<String, Integer> indexOf) {}

  private final CsvTable table;
  private final CsvSchema schema;
  private final CsvOptions options;
  private final List<Binding> bindings;
  private final boolean labelled;
  private final int width;
  private final int targetWidth;
  private float[] features = new float[0];
  private int[] labels = new int[0];
  private float[] targets = new float[0];
  private int rows;

  CsvEncoder(CsvTable table, CsvSchema schema, CsvOptions options) {
    this.table = table;
    this.schema = schema;
    this.options = options;
    this.width = schema.features();
    this.targetWidth = schema.targets();
    boolean named = table.hasHeader() || !options.columnNames().isEmpty();
    this.labelled = named ? hasLabelNames() : hasLabelWidth();
    this.bindings = bind(named);
  }

  private boolean hasLabelNames() {
    List<String> wanted =
        schema.columns().stream().filter(CsvEncoder::isAnswer).map(CsvColumn::name).toList();
    List<String> found = wanted.stream().filter(table.names()::contains).toList();
    if (!found.isEmpty() && found.size() < wanted.size()) {
      throw new DatasetException(
          "csv file has some target columns only: path="
              + table.path()
              + ", expected="
              + wanted
              + ", actual="
              + found);
    }
    return !found.isEmpty();
  }

  private boolean hasLabelWidth() {
    int all = schema.columns().size();
    int unlabelled = (int) schema.columns().stream().filter(column -> !isAnswer(column)).count();
    int actual = table.names().size();
    if (actual != all && actual != unlabelled) {
      throw new DatasetException(
          "csv columns differ from schema: path="
              + table.path()
              + ", expected="
              + all
              + ", withoutLabels="
              + unlabelled
              + ", actual="
              + actual);
    }
    return actual == all;
  }

  private static boolean isAnswer(CsvColumn column) {
    return column instanceof CsvColumn.ClassLabel || column instanceof CsvColumn.Target;
  }

  private List<Binding> bind(boolean named) {
    List<Binding> bound = new ArrayList<>();
    int position = 0;
    int feature = 0;
    for (CsvColumn column : schema.columns()) {
      if (isAnswer(column) && !labelled) {
        continue;
      }
      int cell = named ? table.names().indexOf(column.name()) : position;
      position++;
      if (column instanceof CsvColumn.Ignored) {
        continue;
      }
      if (cell < 0) {
        throw new DatasetException(
            "csv column missing: path="
                + table.path()
                + ", column="
                + column.name()
                + ", columns="
                + table.names());
      }
      bound.add(new Binding(column, cell, feature, indexOf(column)));
      feature += column.width();
    }
    return bound;
  }

  private static Map<String, Integer> indexOf(CsvColumn column) {
    List<String> values =
        switch (column) {
          case CsvColumn.Category category -> category.values();
          case CsvColumn.ClassLabel label -> label.values();
          case CsvColumn.Numeric _, CsvColumn.Ignored _, CsvColumn.Target _ -> List.of();
        };
    Map<String, Integer> indexOf = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      indexOf.put(values.get(i), i);
    }
    return indexOf;
  }

  void add(CsvTable.Row row) {
    features = grown(features, (long) (rows + 1) * width);
    int targetColumn = 0;
    for (Binding binding : bindings) {
      String cell = row.cells().get(binding.cell);
      int feature = rows * width + binding.feature;
      switch (binding.column) {
        case CsvColumn.Numeric numeric -> features[feature] = numeric(row, numeric, cell);
        case CsvColumn.Category _ -> encodeCategory(row, binding, cell, feature);
        case CsvColumn.ClassLabel _ -> encodeLabel(row, binding, cell);
        case CsvColumn.Target target -> encodeTarget(row, target, cell, targetColumn++);
        case CsvColumn.Ignored _ -> {}
      }
    }
    rows++;
  }

  private float numeric(CsvTable.Row row, CsvColumn.Numeric column, String cell) {
    if (schema.missing().contains(cell)) {
      return 0;
    }
    double value = number(row, column, cell);
    float feature = (float) ((value - column.mean()) / column.standardDeviation());
    if (options.strict() && !Float.isFinite(feature)) {
      throw cellError(table, row, column.name(), "feature is not finite", cell);
    }
    return feature;
  }

  private double number(CsvTable.Row row, CsvColumn column, String cell) {
    OptionalDouble number = CsvTable.number(cell);
    if (number.isEmpty()) {
      throw cellError(table, row, column.name(), "csv cell is not a number", cell);
    }
    return number.getAsDouble();
  }

  private void encodeCategory(CsvTable.Row row, Binding binding, String cell, int feature) {
    boolean missing = schema.missing().contains(cell);
    @Nullable Integer index = binding.indexOf.get(missing ? "" : cell);
    if (index != null) {
      features[feature + index] = 1;
    } else if (options.strict() && !missing) {
      throw cellError(
          table, row, binding.column.name(), "category unknown to the training part", cell);
    }
  }

  private void encodeLabel(CsvTable.Row row, Binding binding, String cell) {
    @Nullable Integer label = binding.indexOf.get(withoutSuffix(cell, options.labelSuffix()));
    if (label == null) {
      throw new DatasetException(
          cellError(table, row, binding.column.name(), "label unknown", cell).getMessage()
              + ", classes="
              + schema.classNames());
    }
    labels = grown(labels, rows + 1L);
    labels[rows] = label;
  }

  private void encodeTarget(CsvTable.Row row, CsvColumn.Target column, String cell, int index) {
    float value = (float) number(row, column, cell);
    if (!Float.isFinite(value)) {
      throw cellError(table, row, column.name(), "regression target is not finite", cell);
    }
    targets = grown(targets, (long) (rows + 1) * targetWidth);
    targets[rows * targetWidth + index] = value;
  }

  static String withoutSuffix(String label, String suffix) {
    return label.endsWith(suffix)
        ? label.substring(0, label.length() - suffix.length()).strip()
        : label;
  }

  static DatasetException cellError(
      CsvTable table, CsvTable.Row row, String column, String what, String cell) {
    return new DatasetException(
        what
            + ": path="
            + table.path()
            + ", line="
            + row.line()
            + ", column="
            + column
            + ", value="
            + cell);
  }

  private float[] grown(float[] values, long length) {
    return length <= values.length ? values : Arrays.copyOf(values, capacity(length));
  }

  private int[] grown(int[] values, long length) {
    return length <= values.length ? values : Arrays.copyOf(values, capacity(length));
  }

  private int capacity(long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new DatasetException(
          "csv data too large for memory: path="
              + table.path()
              + ", rows="
              + rows
              + ", features="
              + width);
    }
    return (int) Math.min(Integer.MAX_VALUE - 8, length + length / 2 + 1024);
  }

  /// All rows added so far.
  FloatDataset dataset(String name) {
    if (rows == 0) {
      throw new DatasetException("csv part has no rows: path=" + table.path() + ", name=" + name);
    }
    return new FloatDataset(
        name,
        Arrays.copyOf(features, rows * width),
        width,
        Arrays.copyOf(labels, labelled ? (schema.classes() > 0 ? rows : 0) : 0),
        schema.classes(),
        Arrays.copyOf(targets, labelled ? rows * targetWidth : 0),
        targetWidth,
        schema);
  }
}
