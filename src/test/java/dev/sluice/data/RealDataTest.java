package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Reads the sets themselves, where `SLUICE_DATA` has them; their figures are the published ones.
class RealDataTest {
  private static DataSource source(String name) {
    String directory = System.getenv(DataDirectory.VARIABLE);
    assumeTrue(
        directory != null && DataCatalogue.entry(name).isComplete(Path.of(directory)),
        () ->
            "real data NOT tested: set SLUICE_DATA to a directory with "
                + name
                + ": "
                + DataCatalogue.advice(name));
    return DataSource.standard();
  }

  @Test
  void mnistHasItsPublishedCountsAndContent() {
    DataSplit mnist = source("mnist").load("mnist");
    assertEquals(60_000, mnist.train().rows());
    assertEquals(10_000, mnist.test().rows());
    assertEquals(784, mnist.train().features());
    assertArrayEquals(
        new int[] {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
        Rows.labelCounts(mnist.train()));
    assertArrayEquals(
        new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009},
        Rows.labelCounts(mnist.test()));
    assertEquals(
        "81838a2a651fc31b7453b436a4f91329fcbad3bce9e4c10be44c85b11e948d95",
        mnist.train().contentHash());
    assertEquals(
        "aaa477d18c579c4f3bb199b55f5d7eb319ff126325c2409a8d715055b17b4644",
        mnist.test().contentHash());
  }

  /// The mean and deviation everybody normalises with, 0.1307 and 0.3081.
  @Test
  void mnistPixelsHaveTheWellKnownMoments() {
    Dataset train = source("mnist").load("mnist").train();
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < train.rows(); row++) {
      for (float pixel : Rows.features(train, row)) {
        sum += pixel;
        squares += (double) pixel * pixel;
      }
    }
    double count = (double) train.rows() * train.features();
    double mean = sum / count;
    assertEquals(0.1307, mean, 5e-5);
    assertEquals(0.3081, Math.sqrt(squares / count - mean * mean), 5e-5);
  }

  @Test
  void cifarHasItsPublishedCountsAndContent() {
    DataSplit cifar = source("cifar10").load("cifar10");
    int[] each = new int[10];
    Arrays.fill(each, 5000);
    assertArrayEquals(each, Rows.labelCounts(cifar.train()));
    Arrays.fill(each, 1000);
    assertArrayEquals(each, Rows.labelCounts(cifar.test()));
    assertEquals(3072, cifar.test().features());
    assertEquals(
        "23ec50410531de87c8227b13bf6087d55d4f04e0260e5cd3cb0627a761204de9",
        cifar.test().contentHash());
  }

  @Test
  void adultHasItsPublishedCountsAndColumns() {
    DataSplit adult = source("adult").load("adult");
    assertEquals(32_561, adult.train().rows());
    assertEquals(16_281, adult.test().rows());
    CsvSchema schema = adult.train().schema().orElseThrow();
    assertEquals(List.of("<=50K", ">50K"), schema.classNames());
    assertArrayEquals(new int[] {24_720, 7_841}, Rows.labelCounts(adult.train()));
    assertArrayEquals(new int[] {12_435, 3_846}, Rows.labelCounts(adult.test()));
    // 6 numbers; 9 + 16 + 7 + 15 + 6 + 5 + 2 + 42 categories, `?` counted in three columns.
    assertEquals(108, adult.train().features());
    assertTrue(schema.featureNames().contains("workclass="));
    assertEquals(schema, CsvSchema.fromJson(schema.toJson()));
  }

  @Test
  void adultNumbersAreStandardisedOnTheTrainingPart() {
    DataSplit adult = source("adult").load("adult");
    CsvColumn.Numeric age =
        (CsvColumn.Numeric) adult.train().schema().orElseThrow().columns().get(0);
    assertEquals(38.58164675532078, age.mean(), 1e-9);
    assertEquals(13.640223092304277, age.standardDeviation(), 1e-9);
    // The first training row: 39 years, State-gov.
    float[] first = Rows.features(adult.train(), 0);
    assertEquals((float) ((39 - age.mean()) / age.standardDeviation()), first[0]);
  }

  /// Class sizes are those of the labels alone; the counts of a part follow from a fifth of each.
  @Test
  void bloodCellsHaveTheirKnownClassSizes() {
    DataSplit cells = source("pbmc3k").load("pbmc3k");
    assertEquals(
        List.of(
            "B",
            "CD14+ Mono",
            "CD8 T",
            "DC",
            "FCGR3A+ Mono",
            "Memory CD4 T",
            "NK",
            "Naive CD4 T",
            "Platelet"),
        cells.train().preparation().orElseThrow().classNames());
    int[] sizes = {344, 480, 271, 32, 162, 483, 155, 697, 14};
    assertArrayEquals(sizes, bothParts(cells));
    assertArrayEquals(
        new int[] {69, 96, 54, 6, 32, 97, 31, 139, 3}, Rows.labelCounts(cells.test()));
    assertEquals(2000, cells.train().features());
    // Genes and features were compared with an independent computation in NumPy: the same 2000
    // genes, 1971 of which a locally quadratic fit over single genes chooses too.
    assertEquals(
        "57cde5e80476c9a69e6880ed12ce946a0ae62d281e34169871df6094ee64915e",
        cells.train().contentHash());
    int[] louvain = bothParts(source("pbmc3k").load("pbmc3k?labels=louvain&genes=100"));
    Arrays.sort(louvain);
    assertArrayEquals(new int[] {15, 37, 150, 154, 316, 342, 480, 1144}, louvain);
  }

  private static int[] bothParts(DataSplit split) {
    int[] counts = Rows.labelCounts(split.train());
    int[] test = Rows.labelCounts(split.test());
    for (int label = 0; label < counts.length; label++) {
      counts[label] += test[label];
    }
    return counts;
  }

  /// S100A9, LYZ, NKG7, GNLY and PPBP, by Ensembl identifier.
  @Test
  void knownMarkersOfBloodCellsAreAmongTheHighlyVariableGenes() {
    List<String> genes =
        source("pbmc3k")
            .load("pbmc3k?genes=500")
            .train()
            .preparation()
            .orElseThrow()
            .featureNames();
    assertTrue(
        genes.containsAll(
            List.of(
                "ENSG00000163220",
                "ENSG00000090382",
                "ENSG00000105374",
                "ENSG00000115523",
                "ENSG00000163736")),
        genes.toString());
  }

  @Test
  void spokenDigitsAreEvenlySpreadAndStandardised() {
    DataSplit digits = source("fsdd").load("fsdd");
    int[] each = new int[10];
    Arrays.fill(each, 90);
    assertArrayEquals(each, Rows.labelCounts(digits.train()));
    Arrays.fill(each, 30);
    assertArrayEquals(each, Rows.labelCounts(digits.test()));
    assertEquals(40 * 41, digits.train().features());
    assertEquals(
        "42a052c469e01f47e1b26ecfc6bb6755ab477edef4f1b8940c08a99334e252a5",
        digits.test().contentHash());
    // 0_george_0.wav by NumPy: the first value, band 10 of frame 5, the last value.
    float[] first = Rows.features(digits.test(), 0);
    assertEquals(1.63947589, first[0], 1e-6);
    assertEquals(1.90752053, first[10 * 41 + 5], 1e-6);
    assertEquals(-0.75859135, first[1639], 1e-6);
    double sum = 0;
    double squares = 0;
    for (float value : Rows.features(digits.test(), 7)) {
      sum += value;
      squares += (double) value * value;
    }
    assertEquals(0, sum / 1640, 1e-6);
    assertEquals(1, squares / 1640, 1e-3);
  }

  @Test
  void reviewsAreEvenlySpread() {
    DataSplit reviews = source("imdb").load("imdb");
    assertArrayEquals(new int[] {2000, 2000}, Rows.labelCounts(reviews.train()));
    assertArrayEquals(new int[] {2000, 2000}, Rows.labelCounts(reviews.test()));
    assertEquals(
        "d812a23aa600841f2e1d461a800d5a841340edfa967e8b754b011b71b42a798e",
        reviews.train().contentHash());
  }
}
