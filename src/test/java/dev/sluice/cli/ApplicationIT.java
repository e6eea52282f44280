package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.kernel.KernelProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The packaged application, from its launcher: what unit tests on the class path cannot see.
class ApplicationIT {
  private static final String DATA = "stroke-digits?rows=300&test=60&seed=2";

  @TempDir private Path folder;
  private Application application = new Application(Path.of(""));

  @BeforeEach
  void locate() {
    application = new Application(folder);
  }

  private static String[] train(String out, String epochs, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data", DATA));
    args.addAll(List.of("--layers", "784-32-10", "--gate", "linear", "--block", "8"));
    args.addAll(List.of("--mac-budget", "0.7", "--epochs", epochs, "--seed", "4"));
    args.addAll(List.of("--batch", "32", "--out", out));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  @Test
  void helpAndVersionWorkWithoutAnyFlag() throws Exception {
    String help = application.run("--help").succeeded().out();
    assertTrue(help.contains("quickstart") && help.contains("doctor"), help);
    String version = application.run("--version").succeeded().out();
    assertTrue(version.matches("(?s)sluice \\d+\\.\\d+\\.\\d+.*"), version);
  }

  @Test
  void simdRunsOnTheModulePathAsWideAsTheMachineAllows() throws Exception {
    JsonNode json = application.run("doctor", "--json").json();
    assertTrue(json.get("modulePath").booleanValue());
    String widest = KernelProvider.all().getLast().name();
    assertEquals(widest, json.get("kernels").get("name").stringValue(), json.toString());
    assertTrue(json.get("ok").booleanValue(), json.toString());
  }

  @Test
  void wrongUsageIs2AndFailedWorkIs1AndBothSayWhy() throws Exception {
    application.run("train", "--layers", "1-2").failed(2, "--data", "Try 'sluice train --help'.");
    Application.Finished missing = application.run("inspect", "none.safetensors");
    missing.failed(1, "cannot read model file: path=none.safetensors");
    assertFalse(missing.err().contains("\tat "), missing.err());
  }

  @Test
  void aModelTrainedHereIsTheOneTrainedInTheTestsOwnJvm() throws Exception {
    JsonNode trained = application.run(train("m.safetensors", "2", "--json")).json();
    assertEquals(2, trained.get("epochs").size());
    JsonNode score = application.run("eval", "m.safetensors", "--data", DATA, "--json").json();
    assertEquals(60, score.get("rows").intValue());
    application.run("predict", "m.safetensors", "--data", DATA, "--out", "s.csv").succeeded();
    assertEquals(61, Files.readAllLines(folder.resolve("s.csv")).size());
    application.run("inspect", "m.safetensors").succeeded();

    Path own = folder.resolve("own.safetensors");
    CliRun.of(train(own.toString(), "2", "--threads", "1")).succeeded();
    JsonNode ownScore = CliRun.of("eval", own.toString(), "--data", DATA, "--json").json();
    assertEquals(ownScore, score);
  }

  @Test
  void anInterruptedTrainingResumesToTheSameModel() throws Exception {
    String[] command = train("m.safetensors", "80");
    Application.Finished interrupted = application.runUntil("epoch 1/", command);
    interrupted.failed(1, "training cancelled", "--resume", "m.safetensors.checkpoint");
    assertFalse(Files.exists(folder.resolve("m.safetensors")));
    assertTrue(Files.exists(folder.resolve("m.safetensors.checkpoint")));

    application.run(train("m.safetensors", "80", "--resume")).succeeded();
    assertFalse(Files.exists(folder.resolve("m.safetensors.checkpoint")));
    application.run(train("straight.safetensors", "80")).succeeded();
    assertEquals(
        -1,
        Files.mismatch(folder.resolve("m.safetensors"), folder.resolve("straight.safetensors")));
  }

  @Test
  void aDataSetThatIsNotHereNamesTheCommandThatGetsIt() throws Exception {
    application
        .run("train", "--data", "mnist", "--layers", "784-10", "--out", "m.safetensors")
        .failed(1, "data file missing", "sluice data get mnist", "SLUICE_DATA");
  }
}
