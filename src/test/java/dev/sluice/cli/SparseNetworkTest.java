package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Networks with dead tiles from the command line: trained, inspected, evaluated.
class SparseNetworkTest {
  @TempDir private static Path folder;

  /// 784 → 48 in blocks of 8: 25 tiles of 32 inputs in each of 6 blocks, the last of 16 inputs.
  private static void assertLive(Path model, int tiles) {
    JsonNode shares = CliRun.of("inspect", model.toString(), "--json").json().get("liveShares");
    double least = (tiles - 6) * 32.0 * 8 + 6 * 16 * 8;
    double most = tiles * 32.0 * 8;
    double live = shares.get(0).doubleValue() * 784 * 48;
    assertTrue(live >= least && live <= most, shares.toString());
    assertEquals(1, shares.get(2).doubleValue(), "head");
  }

  @Test
  void riglLeavesTheWantedDensityAndEvaluationCountsIt() {
    Path model =
        Trained.digits(folder, "rigl.safetensors", "--rigl", "density=0.3,every=5,memory=0.5");
    assertLive(model, 45);
    JsonNode inspected = CliRun.of("inspect", model.toString(), "--json").json();
    int rewirings = inspected.get("metadata").get("training.rewirings").asInt();
    assertTrue(rewirings > 3, "rewirings=" + rewirings);
    JsonNode score = CliRun.of("eval", model.toString(), "--data", Trained.DIGITS, "--json").json();
    JsonNode first = score.get("layers").get(0);
    double sum = 0;
    for (String kind :
        new String[] {"panel", "gate", "skippedByGate", "skippedAsZero", "skippedAsPruned"}) {
      sum += first.get(kind + "Macs").doubleValue();
    }
    assertEquals(784 * (48 + 6), sum, 1e-6);
    assertTrue(first.get("skippedAsPrunedMacs").doubleValue() > 0, score.toString());
    String text = CliRun.of("inspect", model.toString()).succeeded().out();
    assertTrue(text.contains("live"), text);
  }

  @Test
  void pruningKeepsItsMask() {
    Path model = Trained.digits(folder, "pruned.safetensors", "--prune", "density=0.5,at=0.3");
    assertLive(model, 75);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--prune | at=0.5             | density is missing: value=at=0.5",
        "--prune | density=2          | density=2.0",
        "--prune | density=0.5,every=3| unknown part: name=every, known=density, at, scope, layers",
        "--prune | density=0.5,scope=x| unknown scope: name=x, known=layer, global",
        "--rigl  | density=1          | density=1.0",
        "--rigl  | density            | not of the form name=value",
        "--rigl  | density=x          | not a number",
        "--rigl  | density=.5,every=1.5 | not a whole number",
        "--rigl  | density=.5,density=.4 | given twice",
      })
  void wrongTextsAreRefusedWithWhatWasExpected(String option, String text, String message) {
    CliRun.of(
            "train", "--data", Trained.DIGITS, "--layers", "784-16-10", "--out", "m", option, text)
        .misusedWith(message);
  }

  @Test
  void bothAtOnceAreRefused() {
    CliRun.of(
            "train",
            "--data",
            Trained.DIGITS,
            "--layers",
            "784-16-10",
            "--out",
            "m",
            "--prune",
            "density=0.5",
            "--rigl",
            "density=0.5")
        .misusedWith("--prune and --rigl exclude each other");
  }

  @Test
  void aTrainingTooShortToRewireFails() {
    CliRun.of(
            "train",
            "--data",
            Trained.DIGITS,
            "--layers",
            "784-16-10",
            "--epochs",
            "1",
            "--out",
            folder.resolve("short.safetensors").toString(),
            "--rigl",
            "density=0.5,every=100")
        .failedWith("rigl would never rewire: everySteps=100");
  }
}
