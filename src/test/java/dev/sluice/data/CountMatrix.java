package dev.sluice.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Dense counts, genes × cells, that tests make up.
final class CountMatrix {
  final int[][] counts;

  /// Most genes have a count of small noise around a mean of their own, of the order of `gene`; every
  /// seventh is high in a third of the cells and 0 in the others.
  CountMatrix(int genes, int cells, long seed) {
    Random random = new Random(seed);
    counts = new int[genes][cells];
    for (int gene = 0; gene < genes; gene++) {
      for (int cell = 0; cell < cells; cell++) {
        int noise = 0;
        for (int i = 0; i <= gene; i++) {
          noise += random.nextInt(2);
        }
        counts[gene][cell] = isMarker(gene) ? (cell % 3 == 0 ? 3 * (gene + 1) / 2 : 0) : noise;
      }
    }
  }

  static boolean isMarker(int gene) {
    return gene % 7 == 3;
  }

  SparseMatrix sparse() {
    List<int[]> entries = entries();
    int cells = counts[0].length;
    int[] start = new int[cells + 1];
    int[] rows = new int[entries.size()];
    double[] values = new double[entries.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = entries.get(i)[0];
      values[i] = entries.get(i)[2];
      start[entries.get(i)[1] + 1] = i + 1;
    }
    for (int cell = 0; cell < cells; cell++) {
      start[cell + 1] = Math.max(start[cell + 1], start[cell]);
    }
    return new SparseMatrix(counts.length, cells, start, rows, values);
  }

  /// `{gene, cell, count}`, by cell.
  List<int[]> entries() {
    List<int[]> entries = new ArrayList<>();
    for (int cell = 0; cell < counts[0].length; cell++) {
      for (int gene = 0; gene < counts.length; gene++) {
        if (counts[gene][cell] > 0) {
          entries.add(new int[] {gene, cell, counts[gene][cell]});
        }
      }
    }
    return entries;
  }
}
