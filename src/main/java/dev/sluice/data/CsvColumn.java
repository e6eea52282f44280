package dev.sluice.data;

import java.util.List;

/// What a column of a text table became when the schema was fitted.
public sealed interface CsvColumn {
  String name();

  /// Features the column yields.
  default int width() {
    return 0;
  }

  /// One feature `(x − mean) / standardDeviation`; a missing value counts as the mean, so its
  /// feature is 0.
  ///
  /// @param standardDeviation of the finite training values (divided by their number); 1 for a
  ///   constant column
  record Numeric(String name, double mean, double standardDeviation) implements CsvColumn {
    public Numeric {
      if (!Double.isFinite(mean) || !Double.isFinite(standardDeviation) || standardDeviation <= 0) {
        throw new DatasetException(
            "numeric column cannot be standardised: column="
                + name
                + ", mean="
                + mean
                + ", standardDeviation="
                + standardDeviation);
      }
    }

    @Override
    public int width() {
      return 1;
    }
  }

  /// One feature per category, 1 for the row's own and 0 elsewhere. The empty string stands for a
  /// missing value, if the training part had one. A value that is in no category leaves all
  /// features 0.
  ///
  /// @param values sorted by code unit
  record Category(String name, List<String> values) implements CsvColumn {
    public Category {
      values = List.copyOf(values);
      requireDistinct(name, values);
    }

    @Override
    public int width() {
      return values.size();
    }
  }

  /// Neither feature nor target.
  record Ignored(String name) implements CsvColumn {}

  /// The class of a row.
  ///
  /// @param values class `i` is `values[i]`: whole numbers by size, else sorted by code unit
  record ClassLabel(String name, List<String> values) implements CsvColumn {
    public ClassLabel {
      values = List.copyOf(values);
      requireDistinct(name, values);
      if (values.isEmpty()) {
        throw new DatasetException("label column has no classes: column=" + name);
      }
    }
  }

  /// A regression target, kept in its own unit.
  record Target(String name) implements CsvColumn {}

  private static void requireDistinct(String column, List<String> values) {
    if (values.stream().distinct().count() != values.size()) {
      throw new DatasetException("column has a value twice: column=" + column);
    }
  }
}
