package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class QuickstartTest {
  private static final QuickstartPlan TINY =
      new QuickstartPlan(300, 100, 120, List.of(784, 64, 64, 10), 0.6, 2, 9, 4, 30);

  @TempDir private Path folder;

  @Test
  void threeNetworksAreTrainedScoredAndTimed() {
    Path file = folder.resolve("q.safetensors");
    StringWriter err = new StringWriter();
    QuickstartResult result = new Quickstart(TINY, 2, new PrintWriter(err)).run(file);
    assertEquals("784-64-64-10", result.dense().layers());
    assertEquals(1, result.dense().score().relativeMacs());
    assertEquals("784-64-64-10", result.gated().layers());
    assertEquals(0.6, result.gated().score().relativeMacs(), 0.05);
    double equalMacs = result.equalMacs().score().structuralMacs();
    double step = 16 * (784 + 2 * 48 + 10);
    assertEquals(result.gated().score().structuralMacs(), equalMacs, step);
    for (QuickstartResult.Network network : result.networks()) {
      assertEquals(120, network.score().rows());
      assertEquals(120, network.latency().samples());
      assertTrue(network.latency().p50Nanos() > 0, network.toString());
      assertTrue(network.latency().p99Nanos() >= network.latency().p50Nanos(), network.toString());
    }
    assertReportHasAllColumns(new QuickstartReport(result));
    assertModelIsTheOneInTheTable(result, file);
  }

  private static void assertReportHasAllColumns(QuickstartReport report) {
    String text = report.text();
    for (String column :
        List.of("accuracy", "gate ratio", "relative MACs", "p50", "p99", "promised", "measured")) {
      assertTrue(text.contains(column), text);
    }
    JsonNode json = JsonMapper.builder().build().readTree(report.json().format());
    assertEquals(3, json.get("networks").size());
    assertEquals(2, json.get("reading").size());
  }

  private static void assertModelIsTheOneInTheTable(QuickstartResult result, Path file) {
    JsonNode json =
        CliRun.of("eval", file.toString(), "--data", "stroke-digits?test=120&seed=9", "--json")
            .json();
    assertEquals(result.gated().score().accuracy(), json.get("accuracy").doubleValue());
    assertEquals(result.gated().score().relativeMacs(), json.get("relativeMacs").doubleValue());
  }

  @Test
  void theReadingFollowsTheFigures() {
    assertTrue(reading(0.97, 0.93).getFirst().contains("beats the plain dense network"));
    assertTrue(reading(0.90, 0.95).getFirst().contains("loses to the plain dense network"));
    String close = reading(0.951, 0.950).getFirst();
    assertTrue(close.contains("is not distinguishable from"), close);
    String speed = reading(0.9, 0.9).getLast();
    assertTrue(speed.contains("promise 4.00×"), speed);
    assertTrue(speed.contains("3.00× was measured"), speed);
    assertTrue(speed.contains("JMH"), speed);
  }

  private static List<String> reading(double gated, double equalMacs) {
    List<QuickstartResult.Network> networks =
        List.of(
            network("dense", 0.98, 1000, 30_000),
            network("equal-MAC dense", equalMacs, 250, 11_000),
            network("gated", gated, 250, 10_000));
    return new QuickstartReport(
            new QuickstartResult(TINY, 2, "scalar", networks, Path.of("m.safetensors"), 1))
        .reading();
  }

  private static QuickstartResult.Network network(
      String name, double accuracy, double macs, double p50Nanos) {
    ModelScore score =
        new ModelScore(
            4000,
            accuracy,
            Double.NaN,
            Double.NaN,
            1000,
            macs,
            macs,
            0,
            1,
            0,
            List.of(),
            List.of());
    return new QuickstartResult.Network(name, "1-1", score, new Latency(1, p50Nanos, p50Nanos), 1);
  }

  @Test
  void quantilesAreSamplesThatAtLeastThatShareDoNotExceed() {
    long[] nanos = new long[100];
    for (int index = 0; index < nanos.length; index++) {
      nanos[index] = 100 - index;
    }
    Latency latency = Latency.of(nanos);
    assertEquals(50, latency.p50Nanos());
    assertEquals(99, latency.p99Nanos());
    assertEquals(7, Latency.of(new long[] {7}).p99Nanos());
  }
}
