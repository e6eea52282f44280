package dev.sluice.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads a MatrixMarket file (Boisvert, Pozo, Remington 1996, NISTIR 5935), gzipped or not: coordinate
/// form, `real` or `integer`, `general`.
///
/// ```
/// %%MatrixMarket matrix coordinate integer general
/// % comments
/// ROWS COLUMNS ENTRIES
/// ROW COLUMN VALUE          ENTRIES times, indices from 1
/// ```
final class MatrixMarketReader {
  /// A size line that promises more than the file holds must not exhaust memory.
  private static final int MAX_SIDE = 1 << 24;

  private static final int FIRST_ENTRIES = 1 << 20;
  private static final String SIZES = "ROWS COLUMNS ENTRIES";

  private final TextLines lines;
  private int rows;
  private int columns;
  private int entries;
  private int[] rowOf = new int[0];
  private int[] columnOf = new int[0];
  private double[] values = new double[0];

  private MatrixMarketReader(TextLines lines) {
    this.lines = lines;
  }

  /// @throws DatasetException names path, line, expected and actual
  static SparseMatrix read(Path path) {
    try (TextLines lines = TextLines.open(path)) {
      MatrixMarketReader reader = new MatrixMarketReader(lines);
      reader.readBanner();
      reader.readSizes();
      reader.readEntries();
      return reader.byColumn(path);
    }
  }

  private void readBanner() {
    String banner = lines.require("a MatrixMarket banner");
    List<String> words = List.of(banner.toLowerCase(Locale.ROOT).strip().split("\\s+"));
    boolean known =
        words.size() == 5
            && words.subList(0, 3).equals(List.of("%%matrixmarket", "matrix", "coordinate"))
            && List.of("real", "integer").contains(words.get(3))
            && words.get(4).equals("general");
    if (!known) {
      throw lines.problem(
          "matrix market banner differs",
          "%%MatrixMarket matrix coordinate real|integer general",
          banner.substring(0, Math.min(80, banner.length())));
    }
  }

  private void readSizes() {
    String line = lines.require(SIZES);
    while (line.startsWith("%") || line.isBlank()) {
      line = lines.require(SIZES);
    }
    String[] words = words(line, SIZES);
    rows = (int) integer(words[0], "rows", MAX_SIDE);
    columns = (int) integer(words[1], "columns", MAX_SIDE);
    long most = Math.min((long) rows * columns, Integer.MAX_VALUE - 8L);
    entries = (int) integer(words[2], "entries", most);
  }

  private void readEntries() {
    for (int entry = 0; entry < entries; entry++) {
      if (entry == values.length) {
        grow();
      }
      String line = lines.require(entries + " entries, this is entry " + (entry + 1));
      String[] words = words(line, "ROW COLUMN VALUE");
      rowOf[entry] = (int) integer(words[0], "row", rows) - 1;
      columnOf[entry] = (int) integer(words[1], "column", columns) - 1;
      values[entry] = CsvTable.number(words[2]).orElse(Double.NaN);
      if (!Double.isFinite(values[entry])) {
        throw lines.problem("matrix market value is not finite", "a number", words[2]);
      }
    }
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (!line.isBlank()) {
        throw lines.problem("matrix market file has trailing lines", entries + " entries", line);
      }
    }
  }

  private void grow() {
    int length = (int) Math.min(entries, Math.max(FIRST_ENTRIES, 2L * values.length));
    rowOf = Arrays.copyOf(rowOf, length);
    columnOf = Arrays.copyOf(columnOf, length);
    values = Arrays.copyOf(values, length);
  }

  private String[] words(String line, String expected) {
    String[] words = line.strip().split("\\s+");
    if (words.length != 3) {
      throw lines.problem("matrix market line has other words", expected, line);
    }
    return words;
  }

  private long integer(String word, String what, long max) {
    try {
      long number = Long.parseLong(word);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw lines.problem("matrix market " + what + " is no whole number", "1.." + max, word);
    }
    throw lines.problem("matrix market " + what + " out of range", "1.." + max, word);
  }

  /// Two stable counting sorts, by row, then by column: equal places end up beside each other.
  private SparseMatrix byColumn(Path path) {
    int[] order = sortedBy(rowOf, rows, null);
    order = sortedBy(columnOf, columns, order);
    int[] start = new int[columns + 1];
    int[] sortedRows = new int[entries];
    double[] sortedValues = new double[entries];
    for (int i = 0; i < entries; i++) {
      int entry = order[i];
      start[columnOf[entry] + 1]++;
      sortedRows[i] = rowOf[entry];
      sortedValues[i] = values[entry];
      if (i > 0 && columnOf[entry] == columnOf[order[i - 1]] && rowOf[entry] == sortedRows[i - 1]) {
        throw new DatasetException(
            "matrix market entry given twice: path="
                + path
                + ", row="
                + (rowOf[entry] + 1)
                + ", column="
                + (columnOf[entry] + 1));
      }
    }
    for (int column = 0; column < columns; column++) {
      start[column + 1] += start[column];
    }
    return new SparseMatrix(rows, columns, start, sortedRows, sortedValues);
  }

  private int[] sortedBy(int[] key, int bound, int @Nullable [] before) {
    int[] next = new int[bound + 1];
    for (int i = 0; i < entries; i++) {
      next[key[i] + 1]++;
    }
    for (int value = 0; value < bound; value++) {
      next[value + 1] += next[value];
    }
    int[] order = new int[entries];
    for (int i = 0; i < entries; i++) {
      int entry = before == null ? i : before[i];
      order[next[key[entry]]++] = entry;
    }
    return order;
  }
}
