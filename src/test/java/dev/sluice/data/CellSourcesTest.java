package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellSourcesTest {
  private static final int GENES = 40;
  private static final int CELLS = 61;

  @TempDir Path base;
  private final CountMatrix matrix = new CountMatrix(GENES, CELLS, 5);
  private Path folder = Path.of("");

  /// Cell 60 has no label by Seurat; cells are of two types there, of three by louvain.
  @BeforeEach
  void write() throws IOException {
    folder = base.resolve("pbmc3k/filtered_gene_bc_matrices/hg19");
    Files.createDirectories(folder);
    StringBuilder genes = new StringBuilder();
    for (int gene = 0; gene < GENES; gene++) {
      genes.append("ENSG").append(gene).append('\t').append("NAME").append('\n');
    }
    StringBuilder barcodes = new StringBuilder();
    StringBuilder labels = new StringBuilder("barcode,seurat_annotation,scanpy_louvain\n");
    for (int cell = 0; cell < CELLS; cell++) {
      barcodes.append("CELL").append(cell).append('\n');
      String type = cell == 60 ? "" : cell % 2 == 0 ? "T" : "B";
      labels.append("CELL").append(cell).append(',').append(type);
      labels.append(',').append("xyz".charAt(cell % 3)).append('\n');
    }
    StringBuilder counts = new StringBuilder("%%MatrixMarket matrix coordinate integer general\n");
    List<int[]> entries = matrix.entries();
    counts.append(GENES + " " + CELLS + " " + entries.size() + "\n");
    for (int[] entry : entries) {
      counts.append((entry[0] + 1) + " " + (entry[1] + 1) + " " + entry[2] + "\n");
    }
    Files.writeString(folder.resolve("genes.tsv"), genes);
    Files.writeString(folder.resolve("barcodes.tsv"), barcodes);
    Files.writeString(folder.resolve("matrix.mtx"), counts);
    Files.writeString(base.resolve("pbmc3k/labels.csv"), labels);
  }

  private DataSplit load(String options) {
    return DataSource.at(base).load("pbmc3k" + options);
  }

  @Test
  void labelledCellsAreHeldOutByClass() {
    DataSplit split = load("?genes=9");
    assertArrayEquals(new int[] {24, 24}, Rows.labelCounts(split.train()));
    assertArrayEquals(new int[] {6, 6}, Rows.labelCounts(split.test()));
    assertEquals(List.of("B", "T"), split.train().preparation().orElseThrow().classNames());
    DataSplit louvain = load("?genes=9&labels=louvain");
    assertEquals(61, louvain.train().rows() + louvain.test().rows());
    assertEquals(3, louvain.test().classes());
    assertNotEquals(split.test().contentHash(), load("?genes=9&seed=1").test().contentHash());
    assertEquals(
        split.test().contentHash(), DataSource.at(base).loadTest("pbmc3k?genes=9").contentHash());
  }

  /// Recomputed from the counts; a row is recognised by being some cell's.
  @Test
  void aFeatureIsTheLogarithmOfTheShareOfTheCellsCounts() {
    DataSplit split = load("?genes=9&standardise=none");
    Preparation preparation = split.train().preparation().orElseThrow();
    assertEquals("10000", preparation.settings().get("countsPerCell"));
    float[] row = Rows.features(split.train(), 0);
    int matches = 0;
    for (int cell = 0; cell < 60; cell++) {
      double total = 0;
      for (int gene = 0; gene < GENES; gene++) {
        total += matrix.counts[gene][cell];
      }
      boolean equal = true;
      for (int feature = 0; feature < 9; feature++) {
        int gene = Integer.parseInt(preparation.featureNames().get(feature).substring(4));
        double expected = Math.log(1 + 1e4 * matrix.counts[gene][cell] / total);
        equal &= Math.abs(expected - row[feature]) < 1e-5;
      }
      matches += equal ? 1 : 0;
    }
    assertEquals(1, matches);
  }

  @Test
  void rowsAreStandardisedUnlessAskedOtherwise() {
    float[] plain = Rows.features(load("?genes=9&standardise=none").test(), 2);
    float[] standard = Rows.features(load("?genes=9").test(), 2);
    double mean = 0;
    for (float value : plain) {
      mean += value / 9.0;
    }
    double variance = 0;
    for (float value : plain) {
      variance += (value - mean) * (value - mean) / 9;
    }
    for (int i = 0; i < 9; i++) {
      assertEquals((plain[i] - mean) / Math.sqrt(variance + 1e-5), standard[i], 1e-5);
    }
  }

  @Test
  void aGzippedMatrixIsFoundToo() throws IOException {
    String before = load("?genes=9").train().contentHash();
    Path plain = folder.resolve("matrix.mtx");
    Files.write(folder.resolve("matrix.mtx.gz"), TextLinesTest.gzip(Files.readAllBytes(plain)));
    Files.delete(plain);
    assertEquals(before, load("?genes=9").train().contentHash());
  }

  private void replace(Path file, String what, String with) throws IOException {
    Files.writeString(file, Files.readString(file).replaceFirst(what, with));
  }

  @Test
  void filesThatDoNotBelongTogetherAreNamed() throws IOException {
    Path labels = base.resolve("pbmc3k/labels.csv");
    String good = Files.readString(labels);
    replace(labels, "CELL7,", "CELL8,");
    Complaint.of(
        () -> load("?genes=9"), "barcode is not in barcodes.tsv or comes twice", "line=10");
    Files.writeString(labels, good);
    replace(labels, "CELL7,", "OTHER,");
    Complaint.of(() -> load("?genes=9"), "barcode is not in barcodes.tsv", "barcode=OTHER");
    Files.writeString(labels, good.replace("scanpy_louvain", "leiden"));
    Complaint.of(
        () -> load("?genes=9&labels=louvain"),
        "label table lacks a column",
        "expected=scanpy_louvain");
    Files.writeString(labels, good);
    replace(folder.resolve("genes.tsv"), "ENSG1\tNAME\n", "");
    Complaint.of(() -> load("?genes=9"), "genes differ from the matrix", "expected=40, actual=39");
  }

  @Test
  void countsThatAreNoneAreNamed() throws IOException {
    Path counts = folder.resolve("matrix.mtx");
    replace(counts, "integer", "real");
    replace(counts, "\n2 1 [0-9]+\n", "\n2 1 0.5\n");
    Complaint.of(() -> load("?genes=9"), "count is not a whole number", "actual=0.5");
  }

  @Test
  void optionsAreChecked() {
    Complaint.of(() -> load("?genes=0"), "data option out of range: option=genes");
    Complaint.of(() -> load("?genes=41"), "fewer genes vary");
    Complaint.of(() -> load("?labels=mine"), "data option value unknown", "[louvain, seurat]");
    Complaint.of(() -> load("?gene=9"), "data option unknown: option=gene");
  }
}
