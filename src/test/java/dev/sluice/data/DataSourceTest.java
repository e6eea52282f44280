package dev.sluice.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSourceTest {
  @TempDir Path base;

  private DataSource source() {
    return DataSource.at(base);
  }

  private String failure(String spec) {
    return assertThrows(DatasetException.class, () -> source().load(spec), spec).getMessage();
  }

  private static void writeIdx(Path images, Path labels, String... labelsHex) throws IOException {
    Files.createDirectories(images.getParent());
    String count = String.format("%08x", labelsHex.length);
    HexFormat hex = HexFormat.of();
    Files.write(
        images, hex.parseHex("00000803" + count + "0000000100000001" + String.join("", labelsHex)));
    Files.write(labels, hex.parseHex("00000801" + count + String.join("", labelsHex)));
  }

  private void writeMnistLike(Path directory) throws IOException {
    writeIdx(
        directory.resolve("train-images-idx3-ubyte"),
        directory.resolve("train-labels.idx1-ubyte"),
        "00",
        "04",
        "01");
    writeIdx(
        directory.resolve("t10k-images-idx3-ubyte"),
        directory.resolve("t10k-labels-idx1-ubyte"),
        "02");
  }

  private Path writeTable(String name) throws IOException {
    String rows =
        IntStream.range(0, 100)
            .mapToObj(i -> i + "," + (i % 3 == 0 ? "a" : "b"))
            .collect(Collectors.joining("\n"));
    return Files.writeString(base.resolve(name), "x,y\n" + rows + "\n");
  }

  @Test
  void knownImageSetsAreFoundBelowTheDirectory() throws IOException {
    writeMnistLike(base.resolve("mnist"));
    DataSplit split = source().load("mnist");
    assertArrayEquals(new int[] {0, 4, 1}, Rows.labels(split.train()));
    assertEquals("mnist/test", split.test().name());
    assertEquals(10, split.test().classes());
    assertEquals(split.test().contentHash(), source().loadTest("mnist").contentHash());
    assertEquals(split.test().contentHash(), source().loadRows("mnist").contentHash());
  }

  @Test
  void evaluationDoesNotReadTheTrainingPart() throws IOException {
    writeMnistLike(base.resolve("mnist"));
    Files.delete(base.resolve("mnist/train-images-idx3-ubyte"));
    assertEquals(1, source().loadTest("mnist").rows());
    assertThrows(DatasetException.class, () -> source().load("mnist"));
  }

  @Test
  void anIdxDirectoryTakesItsClassesFromTheTrainingPart() throws IOException {
    Path directory = base.resolve("mine");
    writeMnistLike(directory);
    assertEquals(5, source().load("idx:" + directory).test().classes());
    assertEquals(7, source().load("idx:" + directory + "?classes=7").train().classes());
    assertEquals("mine/train", source().load("idx:" + directory).train().name());
    writeIdx(
        directory.resolve("t10k-images-idx3-ubyte"),
        directory.resolve("t10k-labels-idx1-ubyte"),
        "05");
    assertTrue(
        failure("idx:" + directory).startsWith("label out of range: row=0, label=5, classes=5"));
  }

  @Test
  void partsOfDifferentShapeAreRejected() throws IOException {
    Path directory = base.resolve("mine");
    writeMnistLike(directory);
    Files.write(
        directory.resolve("t10k-images-idx3-ubyte"),
        HexFormat.of().parseHex("0000080300000001" + "0000000100000002" + "0102"));
    assertEquals(
        "train and test parts differ in shape: train=1→5, test=2→5", failure("idx:" + directory));
  }

  @Test
  void aMissingSetIsNamedWithTheCommandThatGetsIt() {
    assertEquals(
        "data file missing: path="
            + base.resolve("fashion-mnist/train-images-idx3-ubyte.gz")
            + "; run `sluice data get fashion-mnist`, or set SLUICE_DATA to the directory that"
            + " holds it",
        failure("fashion-mnist"));
    assertTrue(
        failure("cifar10")
            .startsWith(
                "data file missing: path="
                    + base.resolve("cifar10/cifar-10-batches-bin/data_batch_1.bin")));
    assertTrue(failure("adult").contains("run `sluice data get adult`"));
  }

  @Test
  void aMissingSetThatIsPlacedByHandIsNamedWithoutACommand() {
    for (DataCatalogue.Entry entry : DataCatalogue.entries()) {
      if (!entry.isDownloadable()) {
        String failure = failure(entry.name());
        assertTrue(
            failure.startsWith("data file missing: path=" + base.resolve(entry.name())), failure);
        assertTrue(failure.contains("this set is placed by hand, or set SLUICE_DATA"), failure);
      }
    }
  }

  @Test
  void aMissingDirectoryOfTheUsersHasNoDownloadHint() {
    Path directory = base.resolve("nowhere");
    assertEquals(
        "data file missing: path=" + directory.resolve("train-images-idx3-ubyte.gz"),
        failure("idx:" + directory));
    assertEquals(
        "data file missing: path=" + base.resolve("no.csv"),
        failure("csv:" + base.resolve("no.csv")));
  }

  @Test
  void strokeDigitsNeedNoFile() {
    DataSplit split = source().load("stroke-digits?rows=50&test=20&seed=3");
    assertEquals(50, split.train().rows());
    assertEquals(20, split.test().rows());
    assertEquals(StrokeDigits.generate(50, 3).contentHash(), split.train().contentHash());
    assertNotEquals(
        split.train().contentHash(),
        source().load("stroke-digits?rows=50&test=20&seed=4").train().contentHash());
  }

  @Test
  void aTableIsHeldOutTheSameWayForTrainingAndEvaluation() throws IOException {
    Path table = writeTable("t.csv");
    DataSplit split = source().load("csv:" + table);
    assertEquals(100, split.train().rows() + split.test().rows());
    assertTrue(split.test().rows() >= 8 && split.test().rows() <= 32);
    assertEquals(split.test().contentHash(), source().loadTest("csv:" + table).contentHash());
    DataSplit other = source().load("csv:" + table + "?test=0.5&seed=1");
    assertTrue(other.test().rows() > 35);
    assertNotEquals(
        other.test().contentHash(),
        source().load("csv:" + table + "?test=0.5&seed=2").test().contentHash());
  }

  @Test
  void predictionTakesEveryRowOfATable() throws IOException {
    Path table = writeTable("t.csv");
    assertEquals(100, source().loadRows("csv:" + table).rows());
    assertEquals(100, source().loadTest("csv:" + table + "?test=all").rows());
    assertTrue(failure("csv:" + table + "?test=all").startsWith("test=all leaves no rows"));
  }

  @Test
  void aTestFileIsFoundBesideTheTable() throws IOException {
    Path table = writeTable("t.csv");
    Files.writeString(base.resolve("u.csv"), "y,x\nb,5\n");
    DataSplit split = source().load("csv:" + table + "?test=u.csv");
    assertEquals(100, split.train().rows());
    assertArrayEquals(new int[] {1}, Rows.labels(split.test()));
    assertEquals(1, source().loadTest("csv:" + table + "?test=u.csv").rows());
    Files.writeString(base.resolve("v.csv"), "x\n5\n");
    assertTrue(
        failure("csv:" + table + "?test=v.csv").startsWith("csv test file has no label column"));
  }

  @Test
  void aGivenSchemaReplacesFitting() throws IOException {
    Path table = writeTable("t.csv");
    CsvSchema schema = source().load("csv:" + table).train().schema().orElseThrow();
    Path other = Files.writeString(base.resolve("other.csv"), "x\n1000\n");
    Dataset rows =
        source().withSchema(CsvSchema.fromJson(schema.toJson())).loadRows("csv:" + other);
    assertFalse(rows.labelled());
    CsvColumn.Numeric x = (CsvColumn.Numeric) schema.columns().get(0);
    assertEquals((float) ((1000 - x.mean()) / x.standardDeviation()), Rows.features(rows, 0)[0]);
  }

  @Test
  void strictCanBeSetByTheCallerOrInTheText() throws IOException {
    Path table = Files.writeString(base.resolve("t.csv"), "x,y\n1,a\nnan,b\n2,a\n");
    assertEquals(3, source().loadRows("csv:" + table).rows());
    assertThrows(DatasetException.class, () -> source().strict(true).loadRows("csv:" + table));
    assertThrows(DatasetException.class, () -> source().loadRows("csv:" + table + "?strict=true"));
  }

  @Test
  void optionsOfATableAreUnderstood() throws IOException {
    Path table =
        Files.writeString(
            base.resolve("t.tsv"), "1\tn/a\tu1\t2.5\n!skipped\n3\t5\tu2\t3\n2\t4\tu3\t3\n");
    Dataset rows =
        source()
            .loadRows(
                "csv:"
                    + table
                    + "?delimiter=tab&header=false&label=0&ignore=2&missing=n/a&comment=%21"
                    + "&task=classification");
    assertEquals(3, rows.rows());
    assertEquals(3, rows.classes());
    assertEquals(List.of("column1", "column3"), rows.schema().orElseThrow().featureNames());
    assertArrayEquals(new int[] {0, 2, 1}, Rows.labels(rows));
  }

  @Test
  void escapesInOptionsAreDecodedAndAPlusSignIsItself() throws IOException {
    Path table = Files.writeString(base.resolve("t.csv"), "a+b,c&d\n1,2\n2,1\n");
    Dataset plus = source().loadRows("csv:" + table + "?label=a+b");
    assertEquals(List.of("c&d"), plus.schema().orElseThrow().featureNames());
    Dataset ampersand = source().loadRows("csv:" + table + "?label=c%26d");
    assertEquals(List.of("a+b"), ampersand.schema().orElseThrow().featureNames());
  }

  @Test
  void whatCannotBeUnderstoodIsNamedWithWhatCould() {
    assertEquals(
        "data source unknown: data=mnits, names=[mnist, fashion-mnist, cifar10, cifar100, svhn,"
            + " tiny-imagenet, adult, pbmc3k, speech-commands, fsdd, imdb, stroke-digits],"
            + " readers=[cifar100, svhn, tiny-imagenet, speech-commands, imdb, idx, cifar, csv]"
            + " as reader:path",
        failure("mnits"));
    assertTrue(failure("parquet:x").startsWith("data source unknown: data=parquet:x"));
    assertTrue(failure("mnist:x").startsWith("data source unknown: data=mnist:x"));
    assertTrue(failure("").startsWith("data source unknown"));
    assertEquals("data path missing: data=csv:, expected=csv:PATH", failure("csv:"));
    assertEquals("data path missing: data=imdb:, expected=imdb:PATH", failure("imdb:"));
    assertEquals(
        "data option unknown: option=size, data=mnist?size=3, known=[standardise]",
        failure("mnist?size=3"));
    assertTrue(failure("csv:x?lable=y").contains("option=lable"));
    assertEquals(
        "data option is not key=value: option=seed, data=stroke-digits?seed",
        failure("stroke-digits?seed"));
    assertTrue(failure("stroke-digits?seed=1&seed=2").startsWith("data option given twice"));
    assertTrue(failure("stroke-digits?rows=0").contains("value=0, expected=1..1000000"));
    assertTrue(failure("stroke-digits?rows=many").contains("value=many"));
    assertTrue(failure("csv:x?header=maybe").contains("expected=[detect, false, true]"));
    assertTrue(failure("csv:x?delimiter=ab").startsWith("delimiter is not one character"));
    assertTrue(failure("csv:x?label=%zz").startsWith("data option has a bad %-escape"));
    assertTrue(failure("csv:x?test=1.5").startsWith("test share out of range"));
  }
}
