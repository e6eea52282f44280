package dev.sluice.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Prints the ratios that `docs/PERFORMANCE.md` quotes from result files of JMH (`-rf json`), as Markdown tables.
///
/// ```
/// java -cp jmh/target/benchmarks.jar dev.sluice.benchmark.Ratios peers.json kernels.json
/// ```
///
/// A ratio never leaves its file: only figures of one run are compared. Brackets hold 95 % confidence intervals over forks.
public final class Ratios {
  /// Allocation below the smallest object is not the benchmark's but that of JMH's own threads.
  private static final double SMALLEST_OBJECT_BYTES = 16;

  private final List<Measured> results;

  private Ratios(List<Measured> results) {
    this.results = results;
  }

  public static void main(String[] arguments) {
    if (arguments.length == 0) {
      System.err.println("usage: Ratios FILE.json …, files written by JMH with -rf json -rff FILE");
      System.exit(2);
    }
    for (String argument : arguments) {
      System.out.println("# " + argument + "\n");
      new Ratios(Measured.read(Path.of(argument))).print();
    }
  }

  private void print() {
    new KernelRatios(results).print();
    new PeerRatios(results).print();
    table(
        "gated model | relative MACs | dense, ns | gated, ns | speed-up | speed-up · relative MACs",
        speedupRows());
    table(
        "start | warm-up | open, ms | warm-up, ms | open + warm-up, ms | first request, µs"
            + " | first / steady | slowest of requests 2–10, µs | steady, µs | to steady, ms",
        startRows());
    table(
        "training | batch | threads | optimizer | trainer | step, ms | 10⁹ MAC/s, as if dense"
            + " | of FMA peak | times DJL/PyTorch | times dense",
        trainingRows());
    table(
        "accounting | gated | predict, ns | predict and count, ns | with count / without",
        accountingRows());
    table(
        "recording | JVM without Flight Recorder, ns | never recorded / without | switched off |"
            + " one of 100",
        recordingRows());
    table("allocation | parameters | bytes per call, largest fork | objects", allocationRows());
  }

  static void table(String header, List<String> rows) {
    if (!rows.isEmpty()) {
      System.out.println("| " + header + " |");
      System.out.println("|" + "---|".repeat(header.split("\\|").length));
      rows.forEach(row -> System.out.println("| " + row + " |"));
      System.out.println();
    }
  }

  private List<Measured> named(String name) {
    return results.stream().filter(result -> result.name().equals(name)).toList();
  }

  private Optional<Measured> counterpart(Measured of, String name, Map<String, String> changed) {
    return Measured.counterpart(results, of, name, changed);
  }

  static String text(Optional<Estimate> estimate, int decimals) {
    return estimate.map(value -> value.text(decimals)).orElse("–");
  }

  private List<String> speedupRows() {
    List<String> rows = new ArrayList<>();
    for (Measured gated : named("GatedSpeedupBenchmark.predict")) {
      Optional<Measured> dense = counterpart(gated, gated.name(), Map.of("network", "dense"));
      Optional<Estimate> work = gated.secondaryEstimate("denseWork");
      if (gated.parameter("network").equals("gated") && dense.isPresent() && work.isPresent()) {
        Estimate denseTime = dense.get().scoreEstimate();
        Estimate gatedTime = gated.scoreEstimate();
        rows.add(
            String.join(
                " | ",
                gated.parameter("gated"),
                String.format(Locale.ROOT, "%.4f", relativeMacs(gated)),
                denseTime.text(0),
                gatedTime.text(0),
                denseTime.over(gatedTime).text(2),
                denseTime.over(work.get()).text(3)));
      }
    }
    return rows;
  }

  /// Time per call over time per dense network's worth of MACs; both come from the same clock, so it has no spread of its own.
  private static double relativeMacs(Measured gated) {
    double[] work = gated.secondary().get("denseWork");
    double sum = 0;
    for (int fork = 0; fork < work.length; fork++) {
      sum += gated.score()[fork] / work[fork];
    }
    return sum / work.length;
  }

  private List<String> startRows() {
    List<String> rows = new ArrayList<>();
    for (Measured result : named("ColdStartBenchmark.openAndAnswer")) {
      double[] open = result.secondary().get("openMillis");
      double[] warmUp = result.secondary().get("warmUpMillis");
      double[] both = new double[open.length];
      Arrays.setAll(both, fork -> open[fork] + warmUp[fork]);
      Optional<Estimate> first = result.secondaryEstimate("firstRequestMicros");
      Optional<Estimate> steady = result.secondaryEstimate("steadyMicros");
      rows.add(
          String.join(
              " | ",
              result.parameter("net"),
              result.parameter("warmUp"),
              Estimate.of(open).text(1),
              Estimate.of(warmUp).text(1),
              Estimate.of(both).text(1),
              text(first, 1),
              text(first.flatMap(value -> steady.map(value::over)), 2),
              text(result.secondaryEstimate("nextRequestsMicros"), 1),
              text(steady, 2),
              text(result.secondaryEstimate("millisToSteady"), 1)));
    }
    return rows;
  }

  private List<String> trainingRows() {
    List<String> rows = new ArrayList<>();
    for (Measured result : named("TrainingBenchmark.epoch")) {
      Optional<Estimate> macs = result.secondaryEstimate("stepGigaMacs");
      Optional<Estimate> peak =
          counterpart(result, "TrainingBenchmark.fmaPeak", Map.of())
              .flatMap(other -> other.secondaryEstimate("gigaMacs"))
              .filter(other -> !result.parameter("trainer").equals("sluice-open25"));
      rows.add(
          String.join(
              " | ",
              result.parameter("net"),
              result.parameter("batch"),
              result.parameter("threads"),
              result.parameter("optimizer"),
              result.parameter("trainer"),
              text(result.secondaryEstimate("stepMicros").map(Estimate::thousandth), 2),
              text(macs, 1),
              text(macs.flatMap(value -> peak.map(value::over)), 3),
              text(timesTrainer(result, "djl-pytorch"), 2),
              text(timesTrainer(result, "sluice"), 2)));
    }
    return rows;
  }

  private Optional<Estimate> timesTrainer(Measured result, String trainer) {
    Optional<Estimate> step = result.secondaryEstimate("stepMicros");
    return counterpart(result, result.name(), Map.of("trainer", trainer))
        .flatMap(other -> other.secondaryEstimate("stepMicros"))
        .flatMap(other -> step.map(other::over));
  }

  private List<String> accountingRows() {
    List<String> rows = new ArrayList<>();
    for (Measured counting : named("AccountingBenchmark.predictAndCount")) {
      Optional<Estimate> alone =
          counterpart(counting, "AccountingBenchmark.predict", Map.of())
              .map(Measured::scoreEstimate);
      rows.add(
          String.join(
              " | ",
              counting.parameter("net"),
              counting.parameter("gated"),
              text(alone, 1),
              counting.scoreEstimate().text(1),
              text(alone.map(counting.scoreEstimate()::over), 3)));
    }
    return rows;
  }

  private List<String> recordingRows() {
    List<String> rows = new ArrayList<>();
    for (Measured without : named("RecordingBenchmark.withoutRecorder")) {
      List<String> cells = new ArrayList<>();
      cells.add(without.parameter("net"));
      cells.add(without.scoreEstimate().text(1));
      for (String method : List.of("neverRecorded", "switchedOff", "oneOfAHundred")) {
        Optional<Measured> other = counterpart(without, "RecordingBenchmark." + method, Map.of());
        cells.add(text(other.map(value -> value.scoreEstimate().over(without.scoreEstimate())), 3));
      }
      rows.add(String.join(" | ", cells));
    }
    return rows;
  }

  private List<String> allocationRows() {
    List<String> rows = new ArrayList<>();
    for (Measured result : results) {
      double[] bytes = result.secondary().get("gc.alloc.rate.norm");
      if (bytes != null) {
        double largest = Arrays.stream(bytes).max().orElse(Double.NaN);
        rows.add(
            String.join(
                " | ",
                result.name(),
                result.parameters().toString(),
                String.format(Locale.ROOT, "%.2f", largest),
                largest < SMALLEST_OBJECT_BYTES ? "none" : "yes"));
      }
    }
    return rows;
  }
}
