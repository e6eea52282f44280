package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables that are refused, by what is wrong and where.
class RejectedCsvTest {
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

  private FloatDataset fitAndRead(String content, CsvOptions options) throws IOException {
    Path file = write(content);
    return CsvReader.read("table", file, CsvReader.fit(file, options), options);
  }

  private String failure(String content, CsvOptions options) {
    return assertThrows(DatasetException.class, () -> fitAndRead(content, options)).getMessage();
  }

  @Test
  void aCutGzippedTableIsADatasetException() throws IOException {
    Path file = directory.resolve("table.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(PEOPLE.getBytes(StandardCharsets.UTF_8));
    }
    byte[] zipped = Files.readAllBytes(file);
    for (int length = 0; length < zipped.length; length++) {
      Files.write(file, Arrays.copyOf(zipped, length));
      assertThrows(
          DatasetException.class,
          () -> CsvReader.fit(file, CsvOptions.defaults()),
          "length=" + length);
    }
  }

  @Test
  void strictRejectsNanAndInfinityWithTheirPosition() throws IOException {
    CsvOptions strict = CsvOptions.builder().strict(true).build();
    assertEquals(
        "feature is not finite: path="
            + directory.resolve("table.csv")
            + ", line=3, column=x, value=NaN",
        failure("x,y\n1,a\nNaN,a\n3,b\n", strict));
    assertTrue(failure("x,y\n1,a\n1,b\n-Infinity,b\n", strict).contains("line=4, column=x"));
    assertEquals(2, fitAndRead("x,y\n1,a\n2,b\n", strict).rows());
  }

  @Test
  void aColumnThatDisappearedIsNamed() throws IOException {
    CsvSchema schema = CsvReader.fit(write(PEOPLE), CsvOptions.defaults());
    Path other = Files.writeString(directory.resolve("other.csv"), "age,income\n40,low\n");
    assertEquals(
        "csv column missing: path=" + other + ", column=work, columns=[age, income]",
        assertThrows(
                DatasetException.class,
                () -> CsvReader.read("other", other, schema, CsvOptions.defaults()))
            .getMessage());
  }

  @Test
  void aLabelTheTrainingPartDidNotHaveIsNamed() throws IOException {
    CsvSchema schema = CsvReader.fit(write(PEOPLE), CsvOptions.defaults());
    Path other = Files.writeString(directory.resolve("other.csv"), "age,work,income\n1,?,top\n");
    assertEquals(
        "label unknown: path=" + other + ", line=2, column=income, value=top, classes=[high, low]",
        assertThrows(
                DatasetException.class,
                () -> CsvReader.read("other", other, schema, CsvOptions.defaults()))
            .getMessage());
  }

  @Test
  void badTablesAreNamedWithTheirPosition() {
    CsvOptions plain = CsvOptions.defaults();
    assertTrue(failure("x,y\n1,a\n2\n", plain).contains("line=3, expected=2, actual=1"));
    assertTrue(failure("x,y\n1,a\n2,b,c\n", plain).contains("line=3, expected=2, actual=3"));
    assertTrue(failure("", plain).startsWith("csv file has no rows"));
    assertTrue(failure("x,y\n", plain).startsWith("csv file has no rows to train on"));
    assertTrue(failure("x,y\n1,a\n2,\n", plain).startsWith("csv label missing"));
    assertTrue(failure("x,y\n1,a\n2,\"b\n", plain).startsWith("csv file is malformed"));
    assertTrue(failure("x,y\n1,a\n\"2\"3,b\n", plain).startsWith("csv file is malformed"));
    assertTrue(failure("x,y\n,a\n?,b\n", plain).startsWith("csv column has no values"));
    CsvOptions header = CsvOptions.builder().header(CsvOptions.Header.PRESENT).build();
    assertTrue(failure("x,x\n1,a\n", header).startsWith("csv column named twice"));
    assertTrue(failure("y\na\nb\n", header).startsWith("csv schema has no feature"));
    CsvOptions regression = CsvOptions.builder().task(CsvOptions.Task.REGRESSION).build();
    assertTrue(failure("x,y\n1,nan\n", regression).startsWith("regression target is not finite"));
  }

  @Test
  void textInANumericColumnIsNamedWhenTheSchemaIsKnown() throws IOException {
    CsvSchema schema = CsvReader.fit(write(PEOPLE), CsvOptions.defaults());
    Path other = Files.writeString(directory.resolve("other.csv"), "age,work\nold,State\n");
    assertEquals(
        "csv cell is not a number: path=" + other + ", line=2, column=age, value=old",
        assertThrows(
                DatasetException.class,
                () -> CsvReader.read("other", other, schema, CsvOptions.defaults()))
            .getMessage());
  }

  @Test
  void aColumnOfIdentifiersIsRefusedAsCategories() {
    String rows =
        IntStream.range(0, 1001).mapToObj(i -> "u" + i + ",a").collect(Collectors.joining("\n"));
    assertTrue(
        failure("id,y\n" + rows, CsvOptions.defaults()).endsWith("column=id, max=1000; ignore it"));
  }
}
