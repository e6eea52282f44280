package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewSourcesTest {
  private static final String HEADER = "label\trating\tid\ttext\n";

  @TempDir Path base;

  private Dataset test(String spec) {
    return DataSource.at(base).loadTest(spec);
  }

  private void table(String part, String rows) throws IOException {
    Files.createDirectories(base.resolve("imdb"));
    Files.writeString(base.resolve("imdb/" + part + ".tsv"), HEADER + rows);
  }

  private void file(String path, String text) throws IOException {
    Path file = base.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aTableHasARowALine() throws IOException {
    table("train", "neg\t1\t0\tbad\u0085film\npos\t10\t1\tgood \"film\"\n");
    table("test", "pos\t7\t5\tgood\n");
    DataSplit split = DataSource.at(base).load("imdb?features=512");
    assertArrayEquals(new int[] {0, 1}, Rows.labels(split.train()));
    float[] expected = new float[512];
    HashedWords.write("bad film", expected, 0, 512);
    assertArrayEquals(expected, Rows.features(split.train(), 0));
    assertEquals("512", split.train().preparation().orElseThrow().settings().get("features"));
    assertEquals(4096, test("imdb").features());
  }

  @Test
  void theFoldersOfTheOriginalGiveTheSameRows() throws IOException {
    table("train", "neg\t3\t0\tbad\npos\t7\t0\tgood<br />film\npos\t9\t12\tfine\n");
    table("test", "neg\t2\t0\tawful\npos\t8\t0\tnice\n");
    file("acl/train/neg/0_3.txt", "bad");
    file("acl/train/pos/0_7.txt", "good<br />film");
    file("acl/train/pos/12_9.txt", "fine");
    file("acl/train/unsup/0_0.txt", "whatever");
    file("acl/test/neg/0_2.txt", "awful\n");
    file("acl/test/pos/0_8.txt", "nice");
    DataSplit tables = DataSource.at(base).load("imdb");
    DataSplit folders = DataSource.at(base).load("imdb:" + base.resolve("acl"));
    assertEquals(tables.train().contentHash(), folders.train().contentHash());
    assertEquals(tables.test().contentHash(), folders.test().contentHash());
  }

  @Test
  void rowsThatAreNoReviewsAreNamedWithTheirLine() throws IOException {
    String good = "neg\t1\t0\tbad\n";
    table("test", good + "neg\t1\tbad\n");
    Complaint.of(
        () -> test("imdb"), "review row has another number of cells", "line=3, expected=4");
    table("test", good + "unsup\t1\t0\tbad\n");
    Complaint.of(() -> test("imdb"), "review label unknown", "line=3", "actual=unsup");
    table("test", good + "neg\t11\t0\tbad\n");
    Complaint.of(() -> test("imdb"), "review rating out of range", "expected=1..10, actual=11");
    table("test", "");
    Complaint.of(() -> test("imdb"), "review table has no rows");
    file("imdb/test.tsv", "label,text\n");
    Complaint.of(() -> test("imdb"), "review table has another header", "actual=label,text");
  }

  @Test
  void foldersThatAreIncompleteAreNamed() throws IOException {
    file("acl/test/neg/0_2.txt", "awful");
    String spec = "imdb:" + base.resolve("acl");
    Complaint.of(() -> test(spec), "data file missing: path=" + base.resolve("acl/test/pos"));
    file("acl/test/pos/nice.txt", "nice");
    Complaint.of(() -> test(spec), "review has another name", "expected=ID_RATING.txt");
    Complaint.of(() -> test("imdb:" + base.resolve("none")), "data file missing");
  }
}
