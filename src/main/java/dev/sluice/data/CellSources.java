package dev.sluice.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/// Gene counts of single cells: 10x Genomics' PBMC3k, prepared as Zheng et al. 2017
/// (doi:10.1038/ncomms14049) data commonly are.
///
/// Per cell `ln(1 + 10⁴ · count / sum of the cell's counts)`, the sum over all genes; then the genes
/// that [GeneSelection] chooses on the training cells, in the file's order; then
/// [RowStandardisation] unless `standardise=none`.
final class CellSources {
  static final Set<String> OPTIONS = Set.of("labels", "genes", "seed", "standardise");

  private static final double COUNTS_PER_CELL = 1e4;
  private static final double TEST_SHARE = 0.2;
  private static final int MAX_GENES = 20_000;

  private record Settings(String column, int genes, long seed, boolean standardised) {
    static Settings of(DataSpec spec) {
      return new Settings(
          spec.choice(
              "labels",
              spec.text("labels", "seurat"),
              Map.of("seurat", "seurat_annotation", "louvain", "scanpy_louvain")),
          (int) spec.number("genes", 2000, 1, MAX_GENES),
          spec.number("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
          spec.choice(
              "standardise", spec.text("standardise", "row"), Map.of("row", true, "none", false)));
    }
  }

  private CellSources() {}

  static LoadedSource pbmc3k(SourceTable.Request request) {
    Settings settings = Settings.of(request.spec());
    Path directory = request.directory("pbmc3k");
    return LoadedSource.ofSplit(() -> split(directory, settings));
  }

  private static DataSplit split(Path directory, Settings settings) {
    CellTable table = CellTable.read("pbmc3k", directory, settings.column);
    int[] labels = table.labels();
    StratifiedSplit parts =
        StratifiedSplit.of(labels, table.classNames(), TEST_SHARE, settings.seed);
    int[] trainCells = select(table.cells(), parts.train());
    int[] genes = GeneSelection.choose(table.counts(), trainCells, settings.genes);
    Preparation preparation = preparation(table, genes, settings);
    return new DataSplit(
        dataset("pbmc3k/train", table, parts.train(), genes, settings, preparation),
        dataset("pbmc3k/test", table, parts.test(), genes, settings, preparation));
  }

  private static int[] select(int[] values, int[] indices) {
    return Arrays.stream(indices).map(index -> values[index]).toArray();
  }

  private static FloatDataset dataset(
      String name,
      CellTable table,
      int[] rows,
      int[] genes,
      Settings settings,
      Preparation preparation) {
    int[] featureOfGene = new int[table.counts().rows()];
    Arrays.fill(featureOfGene, -1);
    for (int feature = 0; feature < genes.length; feature++) {
      featureOfGene[genes[feature]] = feature;
    }
    float[] values = new float[Math.multiplyExact(rows.length, genes.length)];
    for (int row = 0; row < rows.length; row++) {
      int from = row * genes.length;
      expression(table.counts(), table.cells()[rows[row]], featureOfGene, values, from);
      if (settings.standardised) {
        RowStandardisation.applyInPlace(values, from, genes.length);
      }
    }
    return FloatDataset.prepared(
        name, values, genes.length, select(table.labels(), rows), preparation);
  }

  private static void expression(
      SparseMatrix counts, int cell, int[] featureOfGene, float[] values, int from) {
    double scale = COUNTS_PER_CELL / counts.columnSum(cell);
    for (int i = counts.columnStart()[cell]; i < counts.columnStart()[cell + 1]; i++) {
      int feature = featureOfGene[counts.rowOf()[i]];
      if (feature >= 0) {
        values[from + feature] = (float) StrictMath.log1p(counts.values()[i] * scale);
      }
    }
  }

  private static Preparation preparation(CellTable table, int[] genes, Settings settings) {
    return new Preparation(
        "cells",
        Map.of(
            "countsPerCell",
            "10000",
            "transform",
            "log1p",
            "standardise",
            settings.standardised ? "row" : "none"),
        Arrays.stream(genes).mapToObj(table.geneIds()::get).toList(),
        table.classNames());
  }
}
