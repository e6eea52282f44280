package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixMarketReaderTest {
  private static final String BANNER = "%%MatrixMarket matrix coordinate real general\n";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("m.mtx"), text);
  }

  @Test
  void entriesAreSortedByColumnThenRow() throws IOException {
    String text = BANNER + "% a comment\n%\n3 4 4\n3 1 2.5\r\n1 4 -1e2\n  2  1\t7 \n1 1 1\n\n";
    SparseMatrix matrix = MatrixMarketReader.read(file(text));
    assertEquals(3, matrix.rows());
    assertEquals(4, matrix.columns());
    assertArrayEquals(new int[] {0, 3, 3, 3, 4}, matrix.columnStart());
    assertArrayEquals(new int[] {0, 1, 2, 0}, matrix.rowOf());
    assertArrayEquals(new double[] {1, 7, 2.5, -100}, matrix.values());
    assertEquals(10.5, matrix.columnSum(0));
    assertEquals(0, matrix.columnSum(1));
  }

  @Test
  void aGzippedFileOfIntegersIsTheSame() throws IOException {
    String text = "%%MATRIXMARKET Matrix Coordinate Integer General\n2 1 1\n2 1 9\n";
    Path zipped = folder.resolve("m.mtx.gz");
    Files.write(zipped, TextLinesTest.gzip(text.getBytes(StandardCharsets.US_ASCII)));
    assertArrayEquals(new double[] {9}, MatrixMarketReader.read(zipped).values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 2         | matrix market line has other words    | line=2
          0 2 1       | matrix market rows out of range       | expected=1..16777216, actual=0
          2 99999999 1| matrix market columns out of range    | actual=99999999
          2 2 5       | matrix market entries out of range    | expected=1..4, actual=5
          2 2 x       | matrix market entries is no whole     | actual=x
          2 2 1       | text file truncated                   | expected=1 entries, this is entry 1
          2 2 1~3 1 5 | matrix market row out of range        | line=3, expected=1..2, actual=3
          2 2 1~1 0 5 | matrix market column out of range     | expected=1..2, actual=0
          2 2 1~1 1   | matrix market line has other words    | line=3
          2 2 1~1 1 z | matrix market value is not finite     | actual=z
          2 2 1~1 1 inf | matrix market value is not finite   | actual=inf
          2 2 1~1 1 1~1 2 1 | matrix market file has trailing | line=4
          2 2 2~1 2 1~1 2 1 | matrix market entry given twice | row=1, column=2
          """)
  void whatDoesNotFitIsNamedWithItsLine(String text, String begin, String part) throws IOException {
    Path file = file(BANNER + text.strip().replace('~', '\n') + "\n");
    Complaint.of(() -> MatrixMarketReader.read(file), begin, "path=" + file, part);
  }

  @Test
  void otherFormsAreRefusedByTheirBanner() throws IOException {
    for (String banner :
        new String[] {
          "%%MatrixMarket matrix array real general",
          "%%MatrixMarket matrix coordinate complex general",
          "%%MatrixMarket matrix coordinate real symmetric",
          "%%MatrixMarket matrix coordinate pattern general",
          "2 2 1"
        }) {
      Path file = file(banner + "\n2 2 1\n1 1 1\n");
      Complaint.of(
          () -> MatrixMarketReader.read(file), "matrix market banner differs", "actual=" + banner);
    }
  }
}
