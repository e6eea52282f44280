package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {
  private static final String PEOPLE =
      """
      age,work,income
      20,Private,low
      40,State,high
      60,?,low
      """;

  @TempDir Path directory;

  private Path write(String content) throws IOException {
    return Files.writeString(directory.resolve("table.csv"), content);
  }

  private static CsvOptions labels(String... columns) {
    return CsvOptions.builder().labels(List.of(columns)).build();
  }

  private FloatDataset fitAndRead(String content, CsvOptions options) throws IOException {
    Path file = write(content);
    return CsvReader.read("table", file, CsvReader.fit(file, options), options);
  }

  private String failure(String content, CsvOptions options) {
    return assertThrows(DatasetException.class, () -> fitAndRead(content, options)).getMessage();
  }

  @Test
  void numbersAreStandardisedAndTextIsOneHotWithMissingAsACategory() throws IOException {
    FloatDataset dataset = fitAndRead(PEOPLE, CsvOptions.defaults());
    assertEquals(
        List.of("age", "work=", "work=Private", "work=State"),
        dataset.schema().orElseThrow().featureNames());
    // Population deviation of 20, 40, 60: √(800/3).
    float unit = (float) (20 / Math.sqrt(800 / 3.0));
    assertArrayEquals(new float[] {-unit, 0, 1, 0}, Rows.features(dataset, 0));
    assertArrayEquals(new float[] {0, 0, 0, 1}, Rows.features(dataset, 1));
    assertArrayEquals(new float[] {unit, 1, 0, 0}, Rows.features(dataset, 2));
  }

  @Test
  void textLabelsBecomeClassesInAlphabeticalOrder() throws IOException {
    FloatDataset dataset = fitAndRead(PEOPLE, CsvOptions.defaults());
    assertEquals(List.of("high", "low"), dataset.schema().orElseThrow().classNames());
    assertArrayEquals(new int[] {1, 0, 1}, Rows.labels(dataset));
  }

  @Test
  void wholeNumberLabelsBecomeClassesByValue() throws IOException {
    FloatDataset dataset = fitAndRead("x,y\n1,10\n2,9\n3,-1\n", CsvOptions.defaults());
    assertEquals(List.of("-1", "9", "10"), dataset.schema().orElseThrow().classNames());
    assertArrayEquals(new int[] {2, 1, 0}, Rows.labels(dataset));
  }

  @Test
  void labelsWithAFractionMakeARegressionInTheirOwnUnit() throws IOException {
    FloatDataset dataset = fitAndRead("x,y\n1,10.5\n2,9\n", CsvOptions.defaults());
    assertEquals(0, dataset.classes());
    assertEquals(1, dataset.targets());
    float[] target = new float[1];
    dataset.copyTargets(0, target);
    assertEquals(10.5f, target[0]);
  }

  @Test
  void theTaskCanBeGivenAgainstDetection() throws IOException {
    CsvOptions regression = CsvOptions.builder().task(CsvOptions.Task.REGRESSION).build();
    assertEquals(1, fitAndRead("x,y\n1,10\n2,9\n", regression).targets());
    CsvOptions classes = CsvOptions.builder().task(CsvOptions.Task.CLASSIFICATION).build();
    assertEquals(2, fitAndRead("x,y\n1,0.5\n2,1.5\n", classes).classes());
    assertTrue(
        failure("x,y\n1,a\n2,b\n", regression).startsWith("regression target is not a number"));
  }

  @Test
  void severalTargetColumnsKeepTheirOrderInTheTable() throws IOException {
    FloatDataset dataset = fitAndRead("a,x,b\n1,5,2\n3,6,4\n", labels("b", "a"));
    float[] targets = new float[2];
    dataset.copyTargets(1, targets);
    assertArrayEquals(new float[] {3, 4}, targets);
    assertEquals(1, dataset.features());
  }

  @Test
  void theLabelColumnIsFoundByNameOrByIndexFromEitherEnd() throws IOException {
    for (String column : List.of("work", "1", "-2")) {
      FloatDataset dataset = fitAndRead("age,work,size\n1,b,5\n2,a,6\n", labels(column));
      assertArrayEquals(new int[] {1, 0}, Rows.labels(dataset), column);
      assertEquals(2, dataset.features(), column);
    }
    assertTrue(
        failure(PEOPLE, labels("salary")).endsWith("column=salary, columns=[age, work, income]"));
    assertTrue(failure(PEOPLE, labels("3")).startsWith("csv column unknown"));
  }

  @Test
  void aHeaderIsDetectedUnlessACellIsANumberOrRepeated() throws IOException {
    assertEquals(3, fitAndRead(PEOPLE, CsvOptions.defaults()).rows());
    assertEquals(2, fitAndRead("1,a\n2,b\n", CsvOptions.defaults()).rows());
    assertEquals(2, fitAndRead("x,x,a\nx,y,b\n", CsvOptions.defaults()).rows());
    assertEquals(
        List.of("column0"),
        fitAndRead("1,a\n2,b\n", CsvOptions.defaults()).schema().orElseThrow().featureNames());
  }

  @Test
  void theHeaderCanBeGivenAgainstDetection() throws IOException {
    CsvOptions absent = CsvOptions.builder().header(CsvOptions.Header.ABSENT).build();
    assertEquals(2, fitAndRead("p,a\nq,b\n", absent).rows());
    CsvOptions present = CsvOptions.builder().header(CsvOptions.Header.PRESENT).build();
    assertEquals(1, fitAndRead("2019,2020\nq,b\n", present).rows());
  }

  @Test
  void anUnnamedHeaderCellAsPandasWritesItIsNoObstacle() throws IOException {
    FloatDataset dataset = fitAndRead(",x,y\n0,5,a\n1,6,b\n", CsvOptions.defaults());
    assertEquals(2, dataset.rows());
    assertEquals(List.of("column0", "x"), dataset.schema().orElseThrow().featureNames());
  }

  @Test
  void givenNamesReplaceAHeader() throws IOException {
    CsvOptions named = CsvOptions.builder().columnNames(List.of("x", "y")).build();
    FloatDataset dataset = fitAndRead("p,a\nq,b\n", named);
    assertEquals(List.of("x=p", "x=q"), dataset.schema().orElseThrow().featureNames());
    assertTrue(failure("p,a,b\n", named).contains("line=1, expected=2, actual=3"));
  }

  @Test
  void aMissingNumberCountsAsTheMean() throws IOException {
    FloatDataset dataset = fitAndRead("x,y\n1,a\n?,a\n3,b\n,b\n", CsvOptions.defaults());
    assertEquals(1, dataset.features());
    assertArrayEquals(new float[] {-1}, Rows.features(dataset, 0));
    assertArrayEquals(new float[] {0}, Rows.features(dataset, 1));
    assertArrayEquals(new float[] {0}, Rows.features(dataset, 3));
  }

  @Test
  void aConstantColumnYieldsZeros() throws IOException {
    assertArrayEquals(
        new float[] {0}, Rows.features(fitAndRead("x,y\n7,a\n7,b\n", CsvOptions.defaults()), 1));
  }

  @Test
  void quotesDelimitersCommentsBlankLinesAndByteOrderMarksAreUnderstood() throws IOException {
    CsvOptions options = CsvOptions.builder().delimiter(';').comment("#").build();
    FloatDataset dataset =
        fitAndRead("\ufeff# made by hand\nx;y\n\n 1 ; \"a;b\"\n\n2;\"say \"\"no\"\"\"\n", options);
    assertEquals(2, dataset.rows());
    assertEquals(List.of("a;b", "say \"no\""), dataset.schema().orElseThrow().classNames());
    assertEquals(List.of("x"), dataset.schema().orElseThrow().featureNames());
  }

  @Test
  void ignoredColumnsYieldNothing() throws IOException {
    CsvOptions options = CsvOptions.builder().ignored(List.of("id")).build();
    FloatDataset dataset = fitAndRead("id,x,y\nu1,1,a\nu2,2,b\n", options);
    assertEquals(List.of("x"), dataset.schema().orElseThrow().featureNames());
  }

  @Test
  void gzippedTablesAreRead() throws IOException {
    Path file = directory.resolve("table.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(PEOPLE.getBytes(StandardCharsets.UTF_8));
    }
    CsvSchema schema = CsvReader.fit(file, CsvOptions.defaults());
    assertEquals(
        fitAndRead(PEOPLE, CsvOptions.defaults()).contentHash(),
        CsvReader.read("zipped", file, schema, CsvOptions.defaults()).contentHash());
  }

  @Test
  void nanAndInfinityPassButDoNotSpoilTheMean() throws IOException {
    FloatDataset dataset = fitAndRead("x,y\n1,a\nNaN,a\n3,b\n-inf,b\n", CsvOptions.defaults());
    assertArrayEquals(new float[] {-1}, Rows.features(dataset, 0));
    assertTrue(Float.isNaN(Rows.features(dataset, 1)[0]));
    assertEquals(Float.NEGATIVE_INFINITY, Rows.features(dataset, 3)[0]);
  }

  @Test
  void aCategoryUnknownToTheTrainingPartIsAllZerosOrAnErrorIfStrict() throws IOException {
    CsvSchema schema = CsvReader.fit(write(PEOPLE), CsvOptions.defaults());
    Path other = Files.writeString(directory.resolve("other.csv"), "age,work\n40,Self\n");
    assertArrayEquals(
        new float[] {0, 0, 0, 0},
        Rows.features(CsvReader.read("other", other, schema, CsvOptions.defaults()), 0));
    CsvOptions strict = CsvOptions.builder().strict(true).build();
    assertEquals(
        "category unknown to the training part: path="
            + other
            + ", line=2, column=work, value=Self",
        assertThrows(DatasetException.class, () -> CsvReader.read("other", other, schema, strict))
            .getMessage());
  }

  @Test
  void rowsToPredictNeedNoLabelAndAnyColumnOrderWithAHeader() throws IOException {
    CsvSchema schema = CsvReader.fit(write(PEOPLE), CsvOptions.defaults());
    Path other = Files.writeString(directory.resolve("other.csv"), "extra,work,age\n1,State,40\n");
    FloatDataset dataset = CsvReader.read("other", other, schema, CsvOptions.defaults());
    assertFalse(dataset.labelled());
    assertEquals(2, dataset.classes());
    assertArrayEquals(new float[] {0, 0, 0, 1}, Rows.features(dataset, 0));
    assertEquals(
        "data have no labels: name=other",
        assertThrows(DatasetException.class, () -> dataset.label(0)).getMessage());
  }

  @Test
  void rowsToPredictWithoutHeaderGoByPosition() throws IOException {
    CsvSchema schema =
        CsvReader.fit(write("age,work,income\n40,State,high\n40,Private,low\n"), labels("work"));
    Path other = Files.writeString(directory.resolve("other.csv"), "40,high\n60,low\n");
    FloatDataset dataset = CsvReader.read("other", other, schema, CsvOptions.defaults());
    assertFalse(dataset.labelled());
    assertArrayEquals(new float[] {0, 1, 0}, Rows.features(dataset, 0));
    assertArrayEquals(new float[] {20, 0, 1}, Rows.features(dataset, 1));
    Path wide = Files.writeString(directory.resolve("wide.csv"), "40,State,high,1\n");
    assertEquals(
        "csv columns differ from schema: path=" + wide + ", expected=3, withoutLabels=2, actual=4",
        assertThrows(
                DatasetException.class,
                () -> CsvReader.read("wide", wide, schema, CsvOptions.defaults()))
            .getMessage());
  }

  @Test
  void labelSuffixAndMissingTokensAreTheUsers() throws IOException {
    CsvOptions options = CsvOptions.builder().labelSuffix(".").missing(Set.of("n/a")).build();
    FloatDataset dataset = fitAndRead("x,y\n1,a.\nn/a,a\n3,b.\n", options);
    assertEquals(List.of("a", "b"), dataset.schema().orElseThrow().classNames());
    assertEquals(1, dataset.features());
  }

  @Test
  void onlyDecimalNotationIsANumber() {
    for (String number : List.of("1", "-1.5", "+.5", "1e-3", "5.", "nan", "-Infinity", "INF")) {
      assertTrue(CsvTable.number(number).isPresent(), number);
    }
    for (String text : List.of("", "1d", "2f", "0x1p3", "e", "-", "1,5", "1-2", "2020-01-01")) {
      assertTrue(CsvTable.number(text).isEmpty(), text);
    }
  }

  @Test
  void heldOutRowsTakeNoPartInFitting() throws IOException {
    String rows =
        IntStream.range(0, 200)
            .mapToObj(i -> i + ",c" + i + "," + (i % 2 == 0 ? "a" : "b"))
            .collect(Collectors.joining("\n"));
    Path file = write("x,c,y\n" + rows);
    DataSplit split = CsvReader.holdOut("table", file, 0.25, 9, CsvOptions.defaults(), null);
    assertEquals(200, split.train().rows() + split.test().rows());
    // Each category is a row's own, so there must be exactly one per training row.
    assertEquals(1 + split.train().rows(), split.train().features());
    assertTrue(split.test().rows() > 30 && split.test().rows() < 70);
    for (int row = 0; row < split.test().rows(); row++) {
      float[] features = Rows.features(split.test(), row);
      for (int k = 1; k < features.length; k++) {
        assertEquals(0, features[k]);
      }
    }
    double sum = 0;
    for (int row = 0; row < split.train().rows(); row++) {
      sum += Rows.features(split.train(), row)[0];
    }
    assertEquals(0, sum, 1e-3);
    assertEquals(
        split.test().contentHash(),
        CsvReader.holdOut("table", file, 0.25, 9, CsvOptions.defaults(), null)
            .test()
            .contentHash());
  }
}
