package dev.sluice.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How to read a text table; immutable, made by [#builder]. Lists of columns hold names, or indices
/// from 0 (negative: from the end).
public final class CsvOptions {
  /// Whether the first record names the columns.
  public enum Header {
    /// It does if no cell of it is a number and none comes twice.
    DETECT,
    PRESENT,
    ABSENT
  }

  public enum Task {
    /// Regression if some label has a fraction or exponent, else classification.
    DETECT,
    CLASSIFICATION,
    REGRESSION
  }

  private final Header header;
  private final List<String> columnNames;
  private final char delimiter;
  private final String comment;
  private final List<String> labels;
  private final String labelSuffix;
  private final Task task;
  private final List<String> ignored;
  private final Set<String> missing;
  private final boolean strict;

  private CsvOptions(Builder builder) {
    this.header = builder.header;
    this.columnNames = builder.columnNames;
    this.delimiter = builder.delimiter;
    this.comment = builder.comment;
    this.labels = builder.labels;
    this.labelSuffix = builder.labelSuffix;
    this.task = builder.task;
    this.ignored = builder.ignored;
    this.missing = builder.missing;
    this.strict = builder.strict;
  }

  public static Builder builder() {
    return new Builder();
  }

  public static CsvOptions defaults() {
    return builder().build();
  }

  Header header() {
    return header;
  }

  List<String> columnNames() {
    return columnNames;
  }

  char delimiter() {
    return delimiter;
  }

  String comment() {
    return comment;
  }

  List<String> labels() {
    return labels;
  }

  String labelSuffix() {
    return labelSuffix;
  }

  Task task() {
    return task;
  }

  List<String> ignored() {
    return ignored;
  }

  Set<String> missing() {
    return missing;
  }

  boolean strict() {
    return strict;
  }

  /// Every option has a default: a comma-separated table whose last column is the label.
  public static final class Builder {
    private Header header = Header.DETECT;
    private List<String> columnNames = List.of();
    private char delimiter = ',';
    private String comment = "";
    private List<String> labels = List.of("-1");
    private String labelSuffix = "";
    private Task task = Task.DETECT;
    private List<String> ignored = List.of();
    private Set<String> missing = Set.of("", "?");
    private boolean strict;

    private Builder() {}

    public Builder header(Header value) {
      this.header = value;
      return this;
    }

    /// Names for a table without a header. Without them columns are called `column0`, `column1` ….
    public Builder columnNames(List<String> value) {
      this.columnNames = List.copyOf(value);
      return this;
    }

    public Builder delimiter(char value) {
      this.delimiter = value;
      return this;
    }

    /// Lines that start with this character are skipped; empty: there are none.
    public Builder comment(String value) {
      if (value.length() > 1) {
        throw new DatasetException("comment is not one character: comment=" + value);
      }
      this.comment = value;
      return this;
    }

    /// The label column, or the target columns of a regression.
    public Builder labels(List<String> value) {
      if (value.isEmpty()) {
        throw new DatasetException("no label column given");
      }
      this.labels = List.copyOf(value);
      return this;
    }

    /// Cut off the end of a label if it is there.
    public Builder labelSuffix(String value) {
      this.labelSuffix = value;
      return this;
    }

    public Builder task(Task value) {
      this.task = value;
      return this;
    }

    public Builder ignored(List<String> value) {
      this.ignored = List.copyOf(value);
      return this;
    }

    /// Cells that count as missing, after trimming. The empty cell always does.
    public Builder missing(Set<String> value) {
      Set<String> tokens = new HashSet<>(value);
      tokens.add("");
      this.missing = Set.copyOf(tokens);
      return this;
    }

    /// Rejects features that are NaN or infinite and categories the training part did not have.
    public Builder strict(boolean value) {
      this.strict = value;
      return this;
    }

    public CsvOptions build() {
      return new CsvOptions(this);
    }
  }
}
