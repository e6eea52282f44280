package dev.sluice.benchmark;

import com.sun.management.ThreadMXBean;
import dev.sluice.benchmark.InferenceGate.Difference;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// The tail of single-row predictions: the time of every call of many, by `System.nanoTime` before and after. A program of its own and
/// no JMH benchmark, since JMH samples calls, and a tail wants each.
///
/// ```
/// taskset -c 0 java --add-modules jdk.incubator.vector -cp jmh/target/benchmarks.jar dev.sluice.benchmark.TailBenchmark \
///     net=784-512-512-10 calls=10000000
/// ```
///
/// Prints a table, then the same as one line of JSON. Beside the predictor it measures nothing at all in the same way: what the clock costs,
/// and how often the machine takes the core away.
public final class TailBenchmark {
  private static final long WEIGHT_SEED = 1;
  private static final long ROW_SEED = 2;
  private static final long LARGEST_NANOS = 10_000_000_000L;
  private static final int DIGITS = 3;
  private static final int WARM_UP_CALLS = 20_000;
  private static final double[] PERCENTILES = {50, 99, 99.9, 99.99, 99.999};

  private final Map<String, String> options;
  private final int calls;
  private final double warmUpSeconds;
  private final List<String> json = new ArrayList<>();

  private TailBenchmark(Map<String, String> options) {
    this.options = options;
    this.calls = Integer.parseInt(options.get("calls"));
    this.warmUpSeconds = Double.parseDouble(options.get("warmUpSeconds"));
  }

  public static void main(String[] arguments) {
    Map<String, String> options =
        new TreeMap<>(
            Map.of(
                "net", "784-512-512-10",
                "runtime", "sluice-f32",
                "calls", "10000000",
                "warmUpSeconds", "20",
                "polluted", "false"));
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0
          || options.replace(argument.substring(0, equals), argument.substring(equals + 1))
              == null) {
        System.err.println("usage: TailBenchmark [NAME=VALUE …], names and defaults: " + options);
        System.exit(2);
      }
    }
    new TailBenchmark(options).run();
  }

  private void run() {
    Pollution.run(options.get("polluted"));
    List<Integer> widths = ModelSpec.parseArchitecture(options.get("net"));
    Requests requests = Requests.random(widths.getFirst(), 1, new RandomValues(ROW_SEED));
    SluiceRuntime runtime = SluiceRuntime.parse(options.get("runtime"));
    try (Model wide =
        runtime.isGated()
            ? SluiceRuntime.gated(widths, requests, WEIGHT_SEED)
            : SluiceRuntime.dense(widths, WEIGHT_SEED)) {
      if (runtime.precision().equals("f32")) {
        measure(wide, wide, requests);
      } else {
        try (Model narrow = SluiceModels.withPrecision(wide, runtime.precision())) {
          measure(wide, narrow, requests);
        }
      }
    }
  }

  private void measure(Model wide, Model model, Requests requests) {
    try (Peer peer = SluicePeer.of(model, 1)) {
      if (model == wide) {
        InferenceGate.require(model, requests, peer, Difference.NONE);
      } else {
        InferenceGate.requireScalarBits(wide, model, requests, peer);
      }
      measure(requests, peer);
    }
  }

  private void measure(Requests requests, Peer peer) {
    System.out.println("# options=" + options);
    System.out.println("# kernels=" + KernelProvider.kernels().name());
    System.out.println(
        "| what | calls | " + header() + " max | p99.9 / p50 | B allocated per call |");
    System.out.println("|" + "---|".repeat(PERCENTILES.length + 5));
    Histogram times = new Histogram(LARGEST_NANOS, DIGITS);
    Peer nothing = new Nothing();
    warmUp(requests, nothing, times);
    report("clock", times, time(requests, nothing, calls, times));
    warmUp(requests, peer, times);
    report("predict", times, time(requests, peer, calls, times));
    System.out.println("{\"options\": " + jsonOptions() + ", " + String.join(", ", json) + "}");
  }

  /// By time, since compilers need time: a million calls of a small network are over before C2 has begun.
  private void warmUp(Requests requests, Peer peer, Histogram times) {
    long start = System.nanoTime();
    while ((System.nanoTime() - start) * 1e-9 < warmUpSeconds) {
      time(requests, peer, WARM_UP_CALLS, times);
    }
  }

  /// Returns bytes that this thread allocated.
  private static long time(Requests requests, Peer peer, int calls, Histogram times) {
    times.reset();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    long before = threads.getThreadAllocatedBytes(thread);
    record(requests, peer, calls, times);
    return threads.getThreadAllocatedBytes(thread) - before;
  }

  private static void record(Requests requests, Peer peer, int calls, Histogram times) {
    for (int call = 0; call < calls; call++) {
      float[] features = requests.get(requests.advance());
      long start = System.nanoTime();
      peer.answer(features);
      long end = System.nanoTime();
      times.recordValue(Math.min(end - start, LARGEST_NANOS));
    }
  }

  private static String header() {
    StringBuilder header = new StringBuilder();
    for (double percentile : PERCENTILES) {
      header.append('p').append(name(percentile)).append(", ns | ");
    }
    return header.toString();
  }

  private static String name(double percentile) {
    return percentile == Math.rint(percentile)
        ? Integer.toString((int) percentile)
        : Double.toString(percentile);
  }

  private void report(String what, Histogram times, long allocated) {
    StringBuilder row = new StringBuilder("| " + what + " | " + times.getTotalCount() + " | ");
    StringBuilder object = new StringBuilder("\"" + what + "\": {\"calls\": " + calls);
    for (double percentile : PERCENTILES) {
      long nanos = times.getValueAtPercentile(percentile);
      row.append(nanos).append(" | ");
      object.append(", \"p").append(name(percentile)).append("Nanos\": ").append(nanos);
    }
    double median = times.getValueAtPercentile(50);
    String ratio = String.format(Locale.ROOT, "%.3f", times.getValueAtPercentile(99.9) / median);
    String bytes = String.format(Locale.ROOT, "%.6f", (double) allocated / calls);
    System.out.println(row + "" + times.getMaxValue() + " | " + ratio + " | " + bytes + " |");
    json.add(
        object
            + (", \"maxNanos\": " + times.getMaxValue())
            + (", \"p99.9OverP50\": " + ratio)
            + (", \"allocatedBytes\": " + allocated)
            + "}");
  }

  private String jsonOptions() {
    List<String> entries = new ArrayList<>();
    options.forEach((name, value) -> entries.add("\"" + name + "\": \"" + value + "\""));
    return "{" + String.join(", ", entries) + "}";
  }

  /// Answers without work.
  private static final class Nothing implements Peer {
    private final float[] answers = new float[0];

    @Override
    public float[] answer(float[] features) {
      return answers;
    }

    @Override
    public void close() {}
  }
}
