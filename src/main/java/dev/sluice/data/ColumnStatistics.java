package dev.sluice.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/// What one pass over a column's training cells found out.
final class ColumnStatistics {
  /// More categories than this are identifiers or free text: as features they would only be noise.
  static final int MAX_DISTINCT = 1000;

  private static final Comparator<String> BY_NUMBER =
      Comparator.<String>comparingDouble(cell -> CsvTable.number(cell).orElseThrow())
          .thenComparing(Comparator.naturalOrder());

  private final String name;
  private final Set<String> distinct = new HashSet<>();
  private boolean anyMissing;
  private boolean anyText;
  private boolean anyFraction;
  private boolean anyNumber;
  private long finiteCount;
  private double mean;
  private double squaredDeviations;

  ColumnStatistics(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void addMissing() {
    anyMissing = true;
  }

  void add(String cell) {
    if (distinct.size() <= MAX_DISTINCT) {
      distinct.add(cell);
    }
    OptionalDouble number = CsvTable.number(cell);
    if (number.isEmpty()) {
      anyText = true;
    } else {
      anyNumber = true;
      addNumber(number.getAsDouble());
    }
  }

  /// Welford's update: one pass, and no cancellation when the mean is large.
  private void addNumber(double value) {
    anyFraction |= value != Math.rint(value);
    if (!Double.isFinite(value)) {
      return;
    }
    finiteCount++;
    double deviation = value - mean;
    mean += deviation / finiteCount;
    squaredDeviations += deviation * (value - mean);
  }

  boolean anyText() {
    return anyText;
  }

  /// True if some number is not whole; NaN counts as not whole.
  boolean anyFraction() {
    return anyFraction;
  }

  /// A feature column: numeric if every cell that is not missing is a number.
  CsvColumn feature(String file) {
    if (!anyText && !anyNumber) {
      throw new DatasetException(
          "csv column has no values: path=" + file + ", column=" + name + "; ignore it");
    }
    return anyText ? category(file) : numeric();
  }

  private CsvColumn numeric() {
    double standardDeviation = Math.sqrt(squaredDeviations / Math.max(1, finiteCount));
    return new CsvColumn.Numeric(name, mean, standardDeviation == 0 ? 1 : standardDeviation);
  }

  private CsvColumn category(String file) {
    List<String> values = sorted(file, "category");
    if (anyMissing) {
      values.add(0, "");
    }
    return new CsvColumn.Category(name, values);
  }

  CsvColumn classLabel(String file) {
    return new CsvColumn.ClassLabel(name, sorted(file, "label"));
  }

  private List<String> sorted(String file, String kind) {
    if (distinct.size() > MAX_DISTINCT) {
      throw new DatasetException(
          kind
              + " column has too many values: path="
              + file
              + ", column="
              + name
              + ", max="
              + MAX_DISTINCT
              + (kind.equals("label") ? "; is it a regression?" : "; ignore it"));
    }
    List<String> values = new ArrayList<>(distinct);
    values.sort(anyText ? Comparator.naturalOrder() : BY_NUMBER);
    return values;
  }
}
