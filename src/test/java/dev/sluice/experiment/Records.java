package dev.sluice.experiment;

import dev.sluice.runtime.GateHealth;
import dev.sluice.runtime.PublishedMacs;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Records made up for tests.
final class Records {
  private Records() {}

  static FrontierRecord of(
      String method, double budget, long seed, double accuracy, double relativeMacs) {
    return of(method, budget, seed, accuracy, accuracy, relativeMacs, Optional.empty());
  }

  static FrontierRecord of(
      String method,
      double budget,
      long seed,
      double accuracy,
      double validationAccuracy,
      double relativeMacs,
      Optional<Latencies> latency) {
    GateHealth.Layer layer = new GateHealth.Layer(0, List.of(0.25, 0.75), 0.5, 0.9, 0.4, 3, 0.7);
    GateHealth gates = new GateHealth(100, 0.5, 0.1, 0.3, 7, 1.5, List.of(layer));
    Score score =
        new Score(
            100,
            accuracy,
            1234.5,
            relativeMacs,
            0.75,
            List.of(1.0),
            gates,
            new PublishedMacs(0.25, 0.5, Double.NaN));
    return new FrontierRecord(
        "made-up?rows=1",
        new Cell(method, budget, seed),
        "784-64-10",
        validationAccuracy,
        relativeMacs,
        score,
        0.98,
        0.95 + 0.001 * seed,
        budget + 0.001,
        "784-5-10",
        latency,
        latency,
        1.5,
        Map.of("java", "25"),
        Map.of("epochs", "2"),
        List.of("a note", "another"));
  }
}
