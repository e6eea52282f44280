package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  private static final String[] TRAIN = {
    "train", "--data", "stroke-digits?rows=50&test=10", "--layers", "784-16-10", "--epochs", "1"
  };

  @TempDir private Path folder;

  private CliRun train(String... more) {
    List<String> args = new ArrayList<>(Arrays.asList(TRAIN));
    args.addAll(List.of("--out", folder.resolve("m.safetensors").toString()));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "train",
        "eval",
        "audit",
        "predict",
        "inspect",
        "convert",
        "data",
        "data list",
        "data get",
        "data path",
        "doctor",
        "frontier",
        "reproduce"
      })
  void everyCommandHasHelpWithAnExampleAndTheCommonOptions(String command) {
    String[] words = (command + " --help").split(" ");
    CliRun run = CliRun.of(words).succeeded();
    assertTrue(run.out().contains("Example:\n  sluice " + command), run.out());
    assertTrue(run.out().contains("--json"), run.out());
    assertTrue(run.out().contains("--debug"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void helpListsEveryCommandAndTheVersionNamesJava() {
    String help = CliRun.of("--help").succeeded().out();
    for (String command :
        List.of(
            "quickstart",
            "train",
            "eval",
            "audit",
            "predict",
            "inspect",
            "convert",
            "data",
            "doctor",
            "frontier",
            "reproduce")) {
      assertTrue(help.contains("\n  " + command + " "), help);
    }
    String version = CliRun.of("--version").succeeded().out();
    assertTrue(version.startsWith("sluice "), version);
    assertTrue(version.contains("\njava 2"), version);
  }

  @Test
  void noCommandOrAnUnknownOneIsMisuse() {
    CliRun.of().misusedWith("Missing required subcommand");
    CliRun.of("trian").misusedWith("trian", "sluice train");
    CliRun.of("data").misusedWith("Missing required subcommand");
  }

  @Test
  void aMissingOrUnknownOptionIsMisuse() {
    CliRun.of("train", "--layers", "784-10").misusedWith("--data", "--out");
    CliRun.of("eval", "--data", "mnist").misusedWith("FILE");
    train("--epoch", "3").misusedWith("--epoch");
    train("--epochs", "many").misusedWith("--epochs", "many");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--layers        | 784-0-10       | layer widths are not positive",
        "--layers        | 784            | at least one layer",
        "--layers        | 784x10         | joined by hyphens: layers=784x10",
        "--gate          | quadratic      | unknown gate form: name=quadratic",
        "--gate          | low-rank:0     | not positive",
        "--gate          | linear:3       | takes no parameter",
        "--activation    | swish          | unknown activation: name=swish",
        "--loss          | cosine         | unknown loss: name=cosine",
        "--loss          | squared        | --loss does not fit the data: loss=squared",
        "--loss          | huber:x        | not a number: value=huber:x",
        "--optimizer     | lion           | unknown optimizer: name=lion",
        "--optimizer     | sgd:1          | momentum=1.0",
        "--optimizer     | adamw:0.9      | unknown optimizer",
        "--schedule      | linear         | unknown learning rate schedule: name=linear",
        "--learning-rate | 0              | learningRate",
        "--learning-rate | NaN            | learningRate",
        "--weight-decay  | -1             | weightDecay=-1.0",
        "--dropout       | 1              | dropout=1.0",
        "--input-dropout | -0.1           | inputDropout=-0.1",
        "--label-smoothing | 1            | labelSmoothing=1.0",
        "--clip          | -1             | clipNorm=-1.0",
        "--patience      | -1             | patience=-1",
        "--validation-share | 1           | validationShare=1.0",
        "--distill-temperature | 0        | distillation temperature=0.0",
        "--distill-weight | 2             | distillation weight=2.0",
        "--distill-temperature | 2        | --distill-temperature needs a teacher",
        "--distill-weight | 0.5           | --distill-weight needs a teacher; add --teacher FILE",
        "--augment       | shift          | not a whole number: value=shift, part=",
        "--augment       | shift=1.5      | not a whole number: value=shift=1.5, part=1.5",
        "--augment       | zoom=2         | unknown augmentation: name=zoom, known=shift=PIXELS",
        "--augment       | flip=yes       | flip takes no value",
        "--augment       | variants=4     | nothing is varied: value=variants=4",
        "--augment       | flip,variants=0 | augmentation variants=0",
        "--augment       | shift=28       | shifts whole pictures away: shift=28, shape=1x28x28",
        "--epochs        | 0              | epochs=0",
        "--batch         | 0              | batchSize=0",
        "--threads       | 0              | threads=0",
        "--block         | 33             | blockSize=33",
        "--data          | mnits          | unknown --data: data=mnits, known=mnist",
        "--data          | csv            | unknown --data",
        "--mac-budget    | 0.5            | --mac-budget needs a network with gates",
        "--exit          | margin         | --exit needs a network of several stages",
        "--stage-weights | 1,2            | --stage-weights needs a network of several stages",
        "--ponder        | 0.1            | --ponder needs a network of several stages",
        "--penalty       | usage:1        | --penalty needs a network with gates",
        "--rule          | switch         | --rule needs a network with gates",
        "--light-rank    | 4              | --light-rank needs a network with gates",
        "--gate          | light          | gate reads a light path that the layer does not have"
      })
  void aBadValueIsMisuseAndTheMessageRepeatsIt(String option, String value, String message) {
    CliRun run = trainWith(option, value);
    run.misusedWith(message);
    assertFalse(Files.exists(folder.resolve("m.safetensors")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--granularity  | row              | unknown gate granularity: name=row",
        "--minimum-open | -1               | minimumOpen=-1",
        "--minimum-open | 9                | minimumOpen=9, gates=1",
        "--rule         | topk             | unknown gate rule: name=topk, known=[threshold",
        "--rule         | top-k:k=9        | minimumOpen=9, gates=1",
        "--blocks-per-gate | 0             | blocksPerGate=0",
        "--light-rank   | -1               | lightRank=-1",
        "--block-floor  | 0.1              | expected=SHARE:WEIGHT",
        "--variance     | -1               | varianceWeight=-1.0",
        "--gate-clip    | -1               | gate clipNorm=-1.0",
        "--gate-learning-rate | 0          | learningRateScale=0.0",
        "--mac-budget   | 0                | macBudget=0.0",
        "--mac-budget   | 1.1              | macBudget=1.1",
        "--temperature  | 0                | temperature start=0.0",
        "--temperature  | 2:x              | not a number: value=2:x, part=x",
        "--temperature  | 1:2:3:4:5        | wrong number of parts",
        "--temperature  | 2:1:cubic        | unknown schedule shape: name=cubic",
        "--temperature  | 2:1:linear:0     | untilShare=0.0",
        "--threshold    | 0.5:1            | threshold end=1.0",
        "--opening      | 1                | initialOpening=1.0",
        "--warm-up      | 2                | warmUpShare=2.0",
        "--penalty      | usage:1:0.5      | penalty takes no target",
        "--penalty      | hinge:1          | penalty needs a target",
        "--penalty      | hinge:-1:0.5     | penalty weight=-1.0",
        "--penalty      | lasso:1          | unknown penalty: name=lasso, known=usage, hinge"
      })
  void aBadValueOfAGateOptionIsMisuseToo(String option, String value, String message) {
    train("--gate", "linear", option, value).misusedWith(message);
    assertFalse(Files.exists(folder.resolve("m.safetensors")));
  }

  /// Options may be given once, so a default of the fixture has to go.
  private CliRun trainWith(String option, String value) {
    List<String> args = new ArrayList<>(Arrays.asList(TRAIN));
    args.addAll(List.of("--out", folder.resolve("m.safetensors").toString()));
    int given = args.indexOf(option);
    if (given >= 0) {
      args.set(given + 1, value);
    } else {
      args.addAll(List.of(option, value));
    }
    return CliRun.of(args.toArray(String[]::new));
  }

  @Test
  void layersThatDoNotFitTheDataAreRefusedBeforeTraining() {
    trainWith("--layers", "780-16-10")
        .misusedWith("the first width=780, features=784", "make the first width 784");
    trainWith("--layers", "784-16-9")
        .misusedWith("the last width=9, classes=10", "make the last width 10");
  }

  @Test
  void anUnknownSetToDownloadIsMisuse() {
    CliRun.of("data", "get", "nothing").misusedWith("name=nothing", "known=mnist");
    CliRun.of("data", "get", "stroke-digits").misusedWith("generated and needs no download");
  }

  @Test
  void debugAddsTheStackTraceToTheMessage() {
    String missing = folder.resolve("none.safetensors").toString();
    CliRun.of("inspect", missing).failedWith("cannot read model file", "none.safetensors");
    CliRun run = CliRun.of("inspect", missing, "--debug");
    assertEquals(1, run.exitCode());
    assertTrue(run.err().startsWith("sluice: cannot read model file"), run.err());
    assertTrue(run.err().contains("\tat dev.sluice."), run.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--exit           | confidence   | unknown measure of confidence: name=confidence",
        "--exit-threshold | 0.5,0.6      | thresholds differ from exits: thresholds=2, exits=1",
        "--stage-features | 100          | --stage-features differ from stages: features=1,"
            + " stages=2",
        "--stage-features | 90,all       | stage=1, first width=100, features=90",
        "--stage-features | grid:0,all   | grid step out of range: step=0, shape=1x28x28",
        "--stage-weights  | 1,x          | not a number: value=1,x, part=x",
        "--ponder         | 0.1          | --ponder needs --halting",
        "--gate-budget    | 0.5          | --gate-budget needs gates and exits",
        "--self-distill   | 2            | selfDistillation=2.0",
        "--focus          | -1           | focus=-1.0"
      })
  void aBadValueOfAStageOptionIsMisuseToo(String option, String value, String message) {
    List<String> args = new ArrayList<>(Arrays.asList(TRAIN));
    args.set(args.indexOf("--layers") + 1, "100-8-10+784-16-10");
    args.addAll(List.of("--out", folder.resolve("m.safetensors").toString(), option, value));
    CliRun.of(args.toArray(String[]::new)).misusedWith(message);
    assertFalse(Files.exists(folder.resolve("m.safetensors")));
  }
}
