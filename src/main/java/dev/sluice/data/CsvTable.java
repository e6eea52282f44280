package dev.sluice.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// One pass over a text table (UTF-8, gzipped or not): column names, then rows of trimmed cells,
/// all of one width.
final class CsvTable implements AutoCloseable {
  /// @param line of the file, from 1
  record Row(long line, List<String> cells) {}

  private final Path path;
  private final CloseableIterator<CsvRecord> records;
  private final boolean hasHeader;
  private final List<String> names;
  private @Nullable Row pending;

  private CsvTable(Path path, CsvOptions options, @Nullable CsvSchema schema) throws IOException {
    this.path = path;
    this.records =
        parser(options).ofCsvRecord(DataFile.openStream(path), StandardCharsets.UTF_8).iterator();
    try {
      Row first = read();
      if (first == null) {
        throw new DatasetException("csv file has no rows: path=" + path);
      }
      this.hasHeader = isHeader(first, options, schema);
      this.names = hasHeader ? namesOfHeader(first) : namesWithoutHeader(first, options);
      this.pending = hasHeader ? null : first;
      requireDistinct(names);
    } catch (RuntimeException e) {
      records.close();
      throw e;
    }
  }

  /// @param schema known to fit the table, or null when one is to be fitted
  static CsvTable open(Path path, CsvOptions options, @Nullable CsvSchema schema) {
    try {
      return new CsvTable(path, options, schema);
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    }
  }

  private static CsvReaderBuilder parser(CsvOptions options) {
    CsvReaderBuilder builder =
        de.siegmar.fastcsv.reader.CsvReader.builder()
            .fieldSeparator(options.delimiter())
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .trimWhitespacesAroundQuotes(true)
            .allowUnclosedQuote(false)
            .detectBomHeader(true);
    if (!options.comment().isEmpty()) {
      builder.commentStrategy(CommentStrategy.SKIP).commentCharacter(options.comment().charAt(0));
    }
    return builder;
  }

  private static boolean isHeader(Row first, CsvOptions options, @Nullable CsvSchema schema) {
    return switch (options.header()) {
      case PRESENT -> true;
      case ABSENT -> false;
      case DETECT ->
          schema == null
              ? looksLikeHeader(first.cells, options)
              : namesAny(namesOfHeader(first), schema);
    };
  }

  private static boolean looksLikeHeader(List<String> first, CsvOptions options) {
    return options.columnNames().isEmpty()
        && new HashSet<>(first).size() == first.size()
        && first.stream().allMatch(cell -> number(cell).isEmpty());
  }

  /// One name is enough: a header that lacks a column then gets an error that says so.
  private static boolean namesAny(List<String> first, CsvSchema schema) {
    return schema.columns().stream().map(CsvColumn::name).anyMatch(first::contains);
  }

  /// An unnamed column, such as the index pandas writes, gets the name it would have without a
  /// header.
  private static List<String> namesOfHeader(Row header) {
    List<String> names = new ArrayList<>(header.cells);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        names.set(i, generatedName(i));
      }
    }
    return names;
  }

  private static String generatedName(int index) {
    return "column" + index;
  }

  private List<String> namesWithoutHeader(Row first, CsvOptions options) {
    List<String> given = options.columnNames();
    if (!given.isEmpty()) {
      requireWidth(given.size(), first);
      return given;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < first.cells.size(); i++) {
      names.add(generatedName(i));
    }
    return names;
  }

  private void requireDistinct(List<String> columnNames) {
    HashSet<String> seen = new HashSet<>();
    for (String name : columnNames) {
      if (!seen.add(name)) {
        throw new DatasetException("csv column named twice: path=" + path + ", column=" + name);
      }
    }
  }

  Path path() {
    return path;
  }

  boolean hasHeader() {
    return hasHeader;
  }

  List<String> names() {
    return names;
  }

  /// The next row, or null at the end.
  @Nullable Row next() {
    Row row = pending;
    pending = null;
    if (row == null) {
      row = read();
    }
    if (row != null) {
      requireWidth(names.size(), row);
    }
    return row;
  }

  private @Nullable Row read() {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CsvRecord record = records.next();
      List<String> cells = new ArrayList<>(record.getFieldCount());
      for (String field : record.getFields()) {
        cells.add(field.strip());
      }
      return new Row(record.getStartingLineNumber(), cells);
    } catch (CsvParseException e) {
      throw new DatasetException("csv file is malformed: path=" + path + ", " + describe(e), e);
    } catch (UncheckedIOException e) {
      throw new DatasetException(
          "cannot read csv file: path=" + path + ", reason=" + e.getCause(), e);
    }
  }

  private static String describe(CsvParseException e) {
    Throwable cause = e.getCause();
    return "reason=" + e.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  private void requireWidth(int expected, Row row) {
    if (row.cells.size() != expected) {
      throw new DatasetException(
          "csv row has another number of columns: path="
              + path
              + ", line="
              + row.line
              + ", expected="
              + expected
              + ", actual="
              + row.cells.size());
    }
  }

  /// The number `cell` spells in decimal notation, `nan` and `inf` in any case included; empty if
  /// it is text. Stricter than [Double#parseDouble], to which `1d` and `0x1p3` are numbers.
  static OptionalDouble number(String cell) {
    String unsigned = cell.startsWith("-") || cell.startsWith("+") ? cell.substring(1) : cell;
    if (unsigned.equalsIgnoreCase("nan")) {
      return OptionalDouble.of(Double.NaN);
    }
    if (unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")) {
      return OptionalDouble.of(
          cell.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    if (!isDecimal(cell)) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(cell));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static boolean isDecimal(String cell) {
    boolean digits = false;
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c >= '0' && c <= '9') {
        digits = true;
      } else if ("+-.eE".indexOf(c) < 0) {
        return false;
      }
    }
    return digits;
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      throw DataFile.unreadable(path, e);
    }
  }
}
