package dev.sluice.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The labelled cells of a 10x Genomics count matrix.
///
/// @param counts genes × cells, whole numbers
/// @param geneIds one per row of `counts`
/// @param cells columns of `counts` that have a label, ascending
/// @param labels one per entry of `cells`
/// @param classNames by code unit
record CellTable(
    SparseMatrix counts, List<String> geneIds, int[] cells, int[] labels, List<String> classNames) {
  private static final String MATRIX_FOLDER = "filtered_gene_bc_matrices/hg19";
  private static final String BARCODE = "barcode";

  /// @param set for advice if a file is missing
  /// @param labelColumn of `labels.csv`; a cell with no text there has no label
  static CellTable read(String set, Path directory, String labelColumn) {
    Path folder = directory.resolve(MATRIX_FOLDER);
    Path matrix = DataFile.existing(set, folder.resolve("matrix.mtx"));
    Path genes = DataFile.existing(set, folder.resolve("genes.tsv"));
    Path barcodes = DataFile.existing(set, folder.resolve("barcodes.tsv"));
    Path labels = DataFile.existing(set, directory.resolve("labels.csv"));
    List<String> geneIds = firstColumn(genes);
    List<String> cellNames = firstColumn(barcodes);
    Map<String, String> labelOf = labels(labels, labelColumn, new HashSet<>(cellNames));
    SparseMatrix counts = MatrixMarketReader.read(matrix);
    requireCount(genes, "genes", counts.rows(), geneIds.size());
    requireCount(barcodes, "cells", counts.columns(), cellNames.size());
    requireCounts(matrix, counts);
    CellTable table = labelled(counts, geneIds, cellNames, labelOf);
    requireFilled(matrix, table);
    return table;
  }

  private static CellTable labelled(
      SparseMatrix counts,
      List<String> geneIds,
      List<String> cellNames,
      Map<String, String> labelOf) {
    List<String> classNames = List.copyOf(new TreeSet<>(labelOf.values()));
    int[] cells = new int[labelOf.size()];
    int[] labels = new int[labelOf.size()];
    int row = 0;
    for (int cell = 0; cell < cellNames.size(); cell++) {
      String label = labelOf.get(cellNames.get(cell));
      if (label != null) {
        cells[row] = cell;
        labels[row++] = classNames.indexOf(label);
      }
    }
    return new CellTable(counts, geneIds, cells, labels, classNames);
  }

  /// The first of the tab-separated columns, each value once.
  private static List<String> firstColumn(Path path) {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (TextLines lines = TextLines.open(path)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        int tab = line.indexOf('\t');
        String name = tab < 0 ? line : line.substring(0, tab);
        if (name.isBlank() || !seen.add(name)) {
          throw lines.problem("name is empty or comes twice", "a name of its own", name);
        }
        names.add(name);
      }
    }
    return names;
  }

  private static Map<String, String> labels(Path path, String column, Set<String> cellNames) {
    CsvOptions options = CsvOptions.builder().header(CsvOptions.Header.PRESENT).build();
    Map<String, String> labelOf = new HashMap<>();
    Set<String> seen = new HashSet<>();
    try (CsvTable table = CsvTable.open(path, options, null)) {
      int name = column(table, BARCODE);
      int label = column(table, column);
      for (CsvTable.Row row = table.next(); row != null; row = table.next()) {
        String cell = row.cells().get(name);
        if (!cellNames.contains(cell) || !seen.add(cell)) {
          throw new DatasetException(
              "barcode is not in barcodes.tsv or comes twice: path="
                  + path
                  + ", line="
                  + row.line()
                  + ", barcode="
                  + cell);
        }
        if (!row.cells().get(label).isEmpty()) {
          labelOf.put(cell, row.cells().get(label));
        }
      }
    }
    return labelOf;
  }

  private static int column(CsvTable table, String name) {
    int index = table.names().indexOf(name);
    if (index < 0) {
      throw new DatasetException(
          "label table lacks a column: path="
              + table.path()
              + ", expected="
              + name
              + ", actual="
              + table.names());
    }
    return index;
  }

  private static void requireCount(Path path, String what, int expected, int actual) {
    if (expected != actual) {
      throw new DatasetException(
          what
              + " differ from the matrix: path="
              + path
              + ", expected="
              + expected
              + ", actual="
              + actual);
    }
  }

  private static void requireCounts(Path path, SparseMatrix counts) {
    for (double value : counts.values()) {
      if (value < 0 || value != Math.rint(value)) {
        throw new DatasetException(
            "count is not a whole number: path=" + path + ", expected=0, 1, …, actual=" + value);
      }
    }
  }

  private static void requireFilled(Path path, CellTable table) {
    for (int cell : table.cells) {
      if (table.counts.columnSum(cell) == 0) {
        throw new DatasetException(
            "labelled cell has no counts: path=" + path + ", column=" + (cell + 1));
      }
    }
  }
}
