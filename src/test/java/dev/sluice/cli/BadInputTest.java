package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.format.ModelFile;
import dev.sluice.format.ModelSpecJson;
import dev.sluice.format.TensorBundle;
import dev.sluice.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files, data and options that cannot work: each a clear message, and nothing half-written.
class BadInputTest {
  @TempDir private Path folder;
  private Path digits = Path.of("");

  @BeforeEach
  void writeDigits() throws IOException {
    digits = Files.createDirectory(folder.resolve("digits"));
    writeImages("train", 60);
    writeImages("t10k", 20);
  }

  /// Two by two pixels, three classes.
  private void writeImages(String prefix, int rows) throws IOException {
    byte[] pixels = new byte[rows * 4];
    byte[] labels = new byte[rows];
    new Random(rows).nextBytes(pixels);
    for (int row = 0; row < rows; row++) {
      labels[row] = (byte) (row % 3);
    }
    Files.write(digits.resolve(prefix + "-images-idx3-ubyte"), idx(pixels, rows, 2, 2));
    Files.write(digits.resolve(prefix + "-labels-idx1-ubyte"), idx(labels, rows));
  }

  private static byte[] idx(byte[] values, int... extents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0, 0, 8, (byte) extents.length});
    for (int extent : extents) {
      bytes.writeBytes(ByteBuffer.allocate(4).putInt(extent).array());
    }
    bytes.writeBytes(values);
    return bytes.toByteArray();
  }

  private CliRun train(String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--data", "idx:" + digits, "--layers", "4-16-3"));
    args.addAll(List.of(more));
    if (!args.contains("--epochs")) {
      args.addAll(List.of("--epochs", "1"));
    }
    if (!args.contains("--out")) {
      args.addAll(List.of("--out", out().toString()));
    }
    return CliRun.of(args.toArray(String[]::new));
  }

  private Path out() {
    return folder.resolve("m.safetensors");
  }

  private void assertNothingWritten() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(digits), files.toList());
    }
  }

  @Test
  void theFixtureItselfIsFine() {
    train().succeeded();
  }

  @Test
  void missingDataNamesTheFileAndKnownSetsTheCommandThatGetsThem() throws Exception {
    Files.delete(digits.resolve("train-labels-idx1-ubyte"));
    train().failedWith("data file missing", "train-labels-idx1-ubyte");
    assertNothingWritten();
    CliRun.of(
            "train",
            "--data",
            "csv:" + folder.resolve("none.csv"),
            "--layers",
            "4-3",
            "--out",
            out().toString())
        .failedWith("none.csv");
    assertNothingWritten();
  }

  @Test
  void truncatedDataNamesExpectedAndActualLength() throws Exception {
    Path images = digits.resolve("train-images-idx3-ubyte");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length - 1));
    train().failedWith("train-images-idx3-ubyte", "expected", "actual");
    assertNothingWritten();
  }

  @Test
  void foreignDataIsNotReadAsImages() throws Exception {
    Files.writeString(digits.resolve("train-images-idx3-ubyte"), "not an idx file at all");
    train().failedWith("train-images-idx3-ubyte");
    assertNothingWritten();
  }

  @Test
  void aLabelOutOfRangeNamesRowLabelAndClasses() throws Exception {
    CliRun.of(
            "train",
            "--data",
            "idx:" + digits + "?classes=2",
            "--layers",
            "4-16-2",
            "--out",
            out().toString())
        .failedWith("label out of range", "label=2", "classes=2");
    assertNothingWritten();
  }

  @Test
  void aBudgetThatCannotBeMetSaysTheSmallestThatCan() throws Exception {
    train("--gate", "linear", "--block", "8", "--mac-budget", "0.01")
        .failedWith("mac budget cannot be met: budget=0.010, smallest=");
    assertNothingWritten();
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefusedBeforeTraining() {
    Path missing = folder.resolve("missing").resolve("m.safetensors");
    CliRun run = train("--out", missing.toString());
    run.failedWith("folder of --out is missing", folder.resolve("missing").toString());
    assertFalse(run.err().contains("epoch"), run.err());
    train("--out", folder.toString()).failedWith("--out is a folder");
    Path behindFile = digits.resolve("t10k-labels-idx1-ubyte").resolve("m.safetensors");
    train("--out", behindFile.toString()).failedWith("folder of --out is missing");
  }

  @Test
  void aDeviceIsNotReplacedByAFile() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    train("--out", full.toString()).failedWith("--out is not a regular file");
    train().succeeded();
    CliRun.of("predict", out().toString(), "--data", "idx:" + digits, "--out", full.toString())
        .failedWith("--out is not a regular file");
    assertFalse(Files.isRegularFile(full));
  }

  @Test
  void aFullDiskUnderStandardOutputIsAFailure() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    try (var out = new java.io.PrintWriter(full.toFile());
        var err = new java.io.StringWriter()) {
      int exitCode = Main.run(new String[] {"data", "list"}, out, new java.io.PrintWriter(err));
      assertEquals(1, exitCode);
      assertTrue(err.toString().contains("cannot write to standard output"), err.toString());
    }
  }

  @Test
  void resumingNeedsACheckpointOfTheSameTraining() throws Exception {
    train("--resume").failedWith("checkpoint is missing", "leave out --resume");
    assertNothingWritten();
    Path checkpoint = folder.resolve("c.checkpoint");
    train("--checkpoint", checkpoint.toString()).succeeded();
    Files.delete(out());
    train("--checkpoint", checkpoint.toString(), "--resume", "--seed", "2")
        .failedWith("checkpoint is of another training", "option.seed=1, expected=2");
    assertFalse(Files.exists(out()));
  }

  @Test
  void aModelFileIsNoCheckpoint() throws Exception {
    train().succeeded();
    Path copy = Files.copy(out(), folder.resolve("copy.safetensors"));
    train("--checkpoint", copy.toString(), "--resume")
        .failedWith("copy.safetensors", "expected=checkpoint, actual=model");
    assertEquals(-1, Files.mismatch(out(), copy));
  }

  @Test
  void divergenceSaysWhereAndWhatToTryAndWritesNoModel() {
    train("--optimizer", "sgd", "--learning-rate", "1e5", "--epochs", "60", "--batch", "8")
        .failedWith("training diverged: epoch=", "step=", "--learning-rate");
    assertFalse(Files.exists(out()));
  }

  @Test
  void aMissingModelNamesItsPath() {
    String missing = folder.resolve("none.safetensors").toString();
    for (String command : List.of("eval", "predict")) {
      List<String> args = new ArrayList<>(List.of(command, missing, "--data", "idx:" + digits));
      if (command.equals("predict")) {
        args.addAll(List.of("--out", folder.resolve("s.csv").toString()));
      }
      CliRun.of(args.toArray(String[]::new)).failedWith("cannot read model file", missing);
    }
  }

  @Test
  void aDamagedModelNamesWhatIsDamaged() throws Exception {
    train().succeeded();
    byte[] whole = Files.readAllBytes(out());
    Path damaged = folder.resolve("damaged.safetensors");

    Files.write(damaged, Arrays.copyOf(whole, whole.length - 5));
    CliRun.of("inspect", damaged.toString())
        .failedWith("model file truncated", "expectedBytes=" + whole.length);

    byte[] flipped = whole.clone();
    flipped[flipped.length - 200] ^= 1;
    Files.write(damaged, flipped);
    CliRun.of("eval", damaged.toString(), "--data", "idx:" + digits)
        .failedWith("model file is damaged", "part=tensor layers.");

    Files.writeString(damaged, "# a README, not a model\n");
    CliRun.of("inspect", damaged.toString()).failedWith("damaged.safetensors");
  }

  @Test
  void anUnknownKeyInABlueprintIsNamed() throws Exception {
    train().succeeded();
    Path foreign = folder.resolve("foreign.safetensors");
    try (Model model = ModelFile.open(out())) {
      String spec =
          ModelSpecJson.format(model.spec()).replace("{\"inputs\"", "{\"x\":1,\"inputs\"");
      TensorBundle.write("model", foreign, Map.of("sluice.spec", spec), model.weights().tensors());
    }
    CliRun.of("inspect", foreign.toString())
        .failedWith("damaged blueprint", "foreign.safetensors", "x");
  }

  @Test
  void dataOfAnotherShapeThanTheModelIsRefused() throws Exception {
    train().succeeded();
    CliRun.of("eval", out().toString(), "--data", Trained.DIGITS)
        .failedWith("input length differs from model: expected=4, actual=784");
    Path scores = folder.resolve("s.csv");
    CliRun.of("predict", out().toString(), "--data", Trained.DIGITS, "--out", scores.toString())
        .failedWith("input length differs from model: expected=4, actual=784");
    assertFalse(Files.exists(scores));
  }

  @Test
  void moreClassesThanTheModelHasOutputsAreRefused() throws Exception {
    Path narrow = folder.resolve("narrow.safetensors");
    byte[] labels = new byte[60];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = (byte) (row % 2);
    }
    Path labelFile = digits.resolve("train-labels-idx1-ubyte");
    byte[] three = Files.readAllBytes(labelFile);
    Path testFile = digits.resolve("t10k-labels-idx1-ubyte");
    byte[] threeInTest = Files.readAllBytes(testFile);
    Files.write(labelFile, idx(labels, 60));
    Files.write(testFile, idx(Arrays.copyOf(labels, 20), 20));
    CliRun.of(
            "train",
            "--data",
            "idx:" + digits,
            "--layers",
            "4-8-2",
            "--epochs",
            "1",
            "--out",
            narrow.toString())
        .succeeded();
    Files.write(labelFile, three);
    Files.write(testFile, threeInTest);
    CliRun.of("eval", narrow.toString(), "--data", "idx:" + digits)
        .failedWith("classes exceed model outputs: expected=2, actual=3");
  }

  @Test
  void anOldModelSurvivesAFailedTraining() throws Exception {
    train().succeeded();
    byte[] before = Files.readAllBytes(out());
    train("--optimizer", "sgd", "--learning-rate", "1e5", "--epochs", "60", "--batch", "8")
        .failedWith("training diverged");
    assertArrayEquals(before, Files.readAllBytes(out()));
  }

  @Test
  void aTeacherOfAnotherShapeIsRefused() throws Exception {
    Path teacher = Trained.digits(folder, "teacher.safetensors");
    train("--teacher", teacher.toString()).failedWith("teacher");
    assertFalse(Files.exists(out()));
  }

  /// 4-16-3 has 4·16 + 16·3 MACs.
  @Test
  void budgetsThatCannotBeKeptAreRefused() {
    train().succeeded();
    evalWith("cheap").misusedWith("invalid --budget", "budget is not understood: budget=cheap");
    evalWith("0.1").failedWith("budget needs a dial, which the model does not have");
    evalWith("111macs").failedWith("smallest possible cost of a row: macs=111, smallest=112");
    evalWith("112macs").succeeded();
  }

  private CliRun evalWith(String budget) {
    return CliRun.of("eval", out().toString(), "--data", "idx:" + digits, "--budget", budget);
  }
}
