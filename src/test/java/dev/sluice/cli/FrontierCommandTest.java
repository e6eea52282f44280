package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole frontier of two small methods on a few rows.
class FrontierCommandTest {
  @TempDir private Path folder;

  private CliRun frontier(String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("frontier", "--data", "stroke-digits?rows=200&test=60"));
    args.addAll(List.of("--hidden", "48-32", "--block", "16", "--epochs", "1", "--seeds", "1"));
    args.addAll(List.of("--out", out().toString()));
    args.addAll(List.of(more));
    if (!args.contains("--budgets")) {
      args.addAll(List.of("--budgets", "0.4,0.7,0.7"));
    }
    return CliRun.of(args.toArray(String[]::new));
  }

  private Path out() {
    return folder.resolve("f");
  }

  @Test
  void recordsTableAndPlotsAreWrittenAndTheSecondRunDoesNothing() throws Exception {
    CliRun first = frontier("--methods", "static,linear", "--teacher", "32").succeeded();
    assertTrue(first.err().contains("latency of linear-0.4-1"), first.err());
    assertTrue(first.err().contains("ETA"), first.err());
    assertTrue(first.out().contains("equal-mac"), first.out());
    List<String> lines = Files.readAllLines(out().resolve("records.jsonl"));
    assertEquals(4, lines.size());
    for (String line : lines) {
      JsonNode record = JsonMapper.builder().build().readTree(line);
      for (String name :
          List.of(
              "testAccuracy",
              "relativeMacs",
              "latencySpeedup",
              "denseAccuracy",
              "equalMacAccuracy")) {
        assertTrue(record.get(name).doubleValue() > 0, name);
      }
    }
    assertTrue(Files.readString(out().resolve("frontier.md")).contains("| dense | – | 1 |"));
    assertTrue(Files.size(out().resolve("frontier-macs.svg")) > 1000);
    assertTrue(Files.size(out().resolve("frontier-latency.svg")) > 1000);
    CliRun second = frontier("--methods", "static,linear", "--teacher", "32").succeeded();
    assertTrue(second.err().startsWith("0 jobs to do"), second.err());
    assertEquals(first.out(), second.out());
    assertEquals(lines, Files.readAllLines(out().resolve("records.jsonl")));
  }

  @Test
  void anUnreachableBudgetIsSaidAndIsNoFailure() {
    CliRun run = frontier("--methods", "linear", "--budgets", "0.01", "--no-latency").succeeded();
    assertTrue(run.err().contains("not reachable: linear-0.01-1"), run.err());
    assertFalse(Files.exists(out().resolve("frontier-latency.svg")));
  }

  @Test
  void aDryRunListsTheCellsAndMakesNothing() {
    CliRun run = frontier("--methods", "static", "--dry-run").succeeded();
    assertEquals("missing  static-0.4-1\nmissing  static-0.7-1\n", run.out());
    assertFalse(Files.exists(out()));
    frontier("--methods", "static", "--no-latency").succeeded();
    run = frontier("--methods", "static,linear", "--budgets", "0.7", "--dry-run").succeeded();
    assertEquals("done     static-0.7-1\nmissing  linear-0.7-1\n", run.out());
  }

  @Test
  void otherSettingsInTheFolderAreAFailure() {
    frontier("--methods", "static", "--no-latency").succeeded();
    frontier("--methods", "static", "--no-latency", "--dropout", "0.5")
        .failedWith("other settings", "setting=dropout, there=0.2, here=0.5");
  }

  @Test
  void wrongOptionsAreMisuse() {
    frontier("--methods", "nosuch").misusedWith("unknown method: name=nosuch", "linear");
    frontier("--budgets", "0").misusedWith("budget out of range: budget=0.0");
    frontier("--budgets", "much").misusedWith("--budgets");
    frontier("--seeds", "0").misusedWith("--seeds");
    frontier("--teacher", "big").misusedWith("big");
    CliRun.of("frontier", "--data", "nosuch").misusedWith("unknown --data");
  }

  @Test
  void methodsAreListed() {
    assertTrue(frontier("--methods", "help").succeeded().out().contains("low-rank"));
  }

  @Test
  void aPaperIsReproducedOnOtherRows() {
    CliRun run =
        CliRun.of(
                "reproduce",
                "dynamicgate",
                "mnist",
                "--data",
                "stroke-digits?rows=100&test=30",
                "--epochs",
                "2",
                "--hidden",
                "32")
            .succeeded();
    assertTrue(run.out().contains("98.35 %"), run.out());
    assertTrue(run.out().contains("not published to us"), run.out());
    assertTrue(run.out().contains("* the preset"), run.out());
    assertTrue(run.out().contains("98.09 %"), run.out());
  }

  @Test
  void papersAreListedAndUnknownOnesAreMisuse() {
    assertTrue(CliRun.of("reproduce").succeeded().out().contains("  cifar10\n"));
    assertEquals(1, CliRun.of("reproduce", "dynamicgate", "--json").json().get("papers").size());
    CliRun.of("reproduce", "nosuch").misusedWith("unknown paper", "dynamicgate");
    CliRun.of("reproduce", "dynamicgate", "nosuch").misusedWith("unknown setting", "cifar10");
    CliRun.of("reproduce", "dynamicgate", "mnist", "--seeds", "0").misusedWith("--seeds");
  }
}
