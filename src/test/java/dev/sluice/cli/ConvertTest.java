package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.format.ModelFile;
import dev.sluice.memory.WeightPrecision;
import dev.sluice.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Precisions of weights on the command line.
class ConvertTest {
  @TempDir private static Path folder;
  private static String model = "";

  @BeforeAll
  static void train() {
    model = Trained.digits(folder, "model.safetensors").toString();
  }

  private static String converted(String precision) {
    String out = folder.resolve(precision + ".safetensors").toString();
    CliRun.of("convert", model, "--weights", precision, "--out", out).succeeded();
    return out;
  }

  @Test
  void aConvertedModelIsTheSameModelInFewerBytes() {
    try (Model exact = ModelFile.open(Path.of(model))) {
      for (WeightPrecision precision : WeightPrecision.values()) {
        try (Model narrow = ModelFile.open(Path.of(converted(precision.specName())))) {
          assertEquals(precision, narrow.precision());
          assertEquals(exact.spec(), narrow.spec());
          assertEquals(exact.metadata(), narrow.metadata());
        }
      }
      JsonNode bf16 = CliRun.of("inspect", converted("bf16"), "--json").json();
      JsonNode int8 = CliRun.of("inspect", converted("int8"), "--json").json();
      long bytes = exact.weights().weightBytes();
      assertEquals("bf16", bf16.get("weights").stringValue());
      assertEquals(bytes / 2, bf16.get("weightBytes").longValue());
      assertEquals("int8", int8.get("weights").stringValue());
      double share = int8.get("weightBytes").doubleValue() / bytes;
      assertTrue(share > 0.25 && share < 0.28, "share=" + share);
    }
  }

  @Test
  void theResultSaysWhatWasConvertedIntoWhat() {
    String out = folder.resolve("said.safetensors").toString();
    JsonNode json = CliRun.of("convert", model, "--weights", "bf16", "--out", out, "--json").json();
    assertEquals(out, json.get("file").stringValue());
    assertEquals("bf16", json.get("weights").stringValue());
    assertEquals("f32", json.get("weightsBefore").stringValue());
    assertEquals(
        json.get("weightBytesBefore").longValue(), 2 * json.get("weightBytes").longValue());
    String text = CliRun.of("convert", out, "--weights", "f32", "--out", out).succeeded().out();
    assertTrue(text.startsWith("wrote " + out + ": weights=bf16 ("), text);
    assertTrue(text.contains(" → f32 ("), text);
    assertTrue(CliRun.of("inspect", out).succeeded().out().contains("\nweights     f32, "));
  }

  @Test
  void toF32OfAnF32ModelIsTheSameFile() throws IOException {
    assertEquals(-1, Files.mismatch(Path.of(model), Path.of(converted("f32"))));
  }

  @Test
  void wrongUsageAndWhatCannotBeReadOrWrittenLeaveNothing() throws IOException {
    Path out = folder.resolve("never.safetensors");
    String target = out.toString();
    CliRun.of("convert", model, "--out", target).misusedWith("--weights");
    CliRun.of("convert", model, "--weights", "bf16").misusedWith("--out");
    CliRun.of("convert", model, "--weights", "fp8", "--out", target)
        .misusedWith(
            "invalid --weights: unknown weight precision: name=fp8, known=f32, bf16, int8");
    String missing = folder.resolve("none").toString();
    CliRun.of("convert", missing, "--weights", "bf16", "--out", target)
        .failedWith("cannot read model file");
    CliRun.of("convert", model, "--weights", "bf16", "--out", missing + "/m")
        .failedWith("folder of --out is missing");
    Path damaged = folder.resolve("damaged");
    byte[] bytes = Files.readAllBytes(Path.of(model));
    bytes[bytes.length - 1] ^= 1;
    Files.write(damaged, bytes);
    Path old = Files.writeString(folder.resolve("old"), "old");
    CliRun.of("convert", damaged.toString(), "--weights", "int8", "--out", old.toString())
        .failedWith("is damaged");
    assertArrayEquals("old".getBytes(), Files.readAllBytes(old));
    assertFalse(Files.exists(out));
  }

  @ParameterizedTest
  @ValueSource(strings = {"eval", "predict"})
  void anUnknownPrecisionIsMisuseOfEveryCommandThatTakesOne(String command) {
    String[] args = {command, model, "--data", Trained.DIGITS, "--weights", "int4"};
    if (command.equals("predict")) {
      args =
          new String[] {
            command,
            model,
            "--data",
            Trained.DIGITS,
            "--weights",
            "int4",
            "--out",
            folder + "/p.csv"
          };
    }
    CliRun.of(args).misusedWith("unknown weight precision: name=int4");
    assertFalse(Files.exists(folder.resolve("p.csv")));
  }

  @Test
  void convertingWhenOpenedAnswersAsTheStoredNarrowModel() throws IOException {
    for (String precision : List.of("bf16", "int8")) {
      byte[] opened = scores(model, "--weights", precision);
      assertArrayEquals(opened, scores(converted(precision)));
      assertFalse(Arrays.equals(opened, scores(model)));
    }
  }

  private static byte[] scores(String file, String... more) throws IOException {
    Path out = folder.resolve("scores.npy");
    List<String> args =
        new ArrayList<>(
            List.of("predict", file, "--data", Trained.DIGITS, "--out", out.toString()));
    args.addAll(List.of(more));
    CliRun.of(args.toArray(String[]::new)).succeeded();
    return Files.readAllBytes(out);
  }

  @Test
  void oneWeightsOptionScoresInThatPrecision() {
    JsonNode opened =
        CliRun.of("eval", model, "--data", Trained.DIGITS, "--weights", "int8", "--json").json();
    JsonNode stored =
        CliRun.of("eval", converted("int8"), "--data", Trained.DIGITS, "--json").json();
    assertEquals("int8", opened.get("weights").stringValue());
    assertEquals(stored, opened);
  }

  @Test
  void severalWeightsOptionsCompareEachWithF32() {
    String[] args = {"eval", model, "--data", Trained.DIGITS, "--weights", "f32,bf16,int8"};
    String text = CliRun.of(args).succeeded().out();
    assertTrue(text.contains("stored  f32"), text);
    String[] jsonArgs = Arrays.copyOf(args, args.length + 1);
    jsonArgs[args.length] = "--json";
    JsonNode json = CliRun.of(jsonArgs).json();
    JsonNode alone = CliRun.of("eval", model, "--data", Trained.DIGITS, "--json").json();
    JsonNode all = json.get("precisions");
    assertEquals(3, all.size());
    JsonNode f32 = all.get(0);
    for (String zero : List.of("accuracyChange", "lossChange", "answersDiffer", "gatesDiffer")) {
      assertEquals(0, f32.get(zero).doubleValue(), zero);
    }
    assertEquals(alone.get("accuracy"), f32.get("score").get("accuracy"));
    for (JsonNode one : all) {
      assertEquals(120, one.get("score").get("rows").intValue());
      assertEquals(
          one.get("score").get("accuracy").doubleValue()
              - f32.get("score").get("accuracy").doubleValue(),
          one.get("accuracyChange").doubleValue());
      assertTrue(one.get("answersDiffer").doubleValue() < 0.2, one.toString());
      assertTrue(one.get("gatesDiffer").doubleValue() < 0.2, one.toString());
    }
    assertTrue(all.get(1).get("lossChange").doubleValue() != 0, json.toString());
    assertTrue(all.get(2).get("lossChange").doubleValue() != 0, json.toString());
    assertTrue(
        Math.abs(all.get(2).get("accuracyChange").doubleValue())
            <= all.get(2).get("answersDiffer").doubleValue() + 1e-12);
  }
}
