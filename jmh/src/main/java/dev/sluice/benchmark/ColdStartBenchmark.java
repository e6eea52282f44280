package dev.sluice.benchmark;

import dev.sluice.benchmark.InferenceGate.Difference;
import dev.sluice.format.ModelFile;
import dev.sluice.model.Model;
import dev.sluice.runtime.Predictor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A fresh JVM from a model file to its first answer and on to its steady state; every fork is one start.
///
/// ```
/// java -jar jmh/target/benchmarks.jar ColdStartBenchmark -rf json -rff start.json
/// ```
///
/// The score is the time from nothing to the first answer; [StartTimes] beside it has the parts, and what came after.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 20, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ColdStartBenchmark {
  private static final long ROW_SEED = 2;
  private static final int DISTINCT_ROWS = 64;
  private static final int NEXT_REQUESTS = 9;
  private static final int REQUESTS = 1 << 18;
  private static final long LONGEST_NANOS = 6_000_000_000L;
  private static final int WINDOW = 100;
  private static final int STEADY_REQUESTS = 2000;
  private static final double STEADY_FACTOR = 1.2;

  /// Widths, inputs first.
  @Param("784-512-512-10")
  public String net = "";

  /// Whether the predictor is warmed up before the first request.
  @Param({"false", "true"})
  public boolean warmUp;

  private Path file;
  private float[][] rows;
  private Model model;
  private Predictor predictor;
  private float[] answers;
  private float[] firstAnswers;
  private StartTimes times;

  @Setup(Level.Trial)
  public void writeModel() {
    file = RandomModelFile.write(net);
    String[] widths = net.split("-", -1);
    int inputs = Integer.parseInt(widths[0]);
    SplittableRandom random = new SplittableRandom(ROW_SEED);
    rows = new float[DISTINCT_ROWS][inputs];
    for (float[] row : rows) {
      for (int index = 0; index < inputs; index++) {
        row[index] = (float) random.nextGaussian();
      }
    }
    answers = new float[Integer.parseInt(widths[widths.length - 1])];
  }

  @Benchmark
  public float[] openAndAnswer(StartTimes newTimes) {
    times = newTimes;
    long start = System.nanoTime();
    model = ModelFile.open(file);
    predictor = Predictor.of(model);
    long opened = System.nanoTime();
    if (warmUp) {
      SluiceModels.warmUp(predictor);
    }
    long warm = System.nanoTime();
    predictor.predict(rows[0], answers);
    long answered = System.nanoTime();
    times.openMillis = (opened - start) * 1e-6;
    times.warmUpMillis = (warm - opened) * 1e-6;
    times.firstRequestMicros = (answered - warm) * 1e-3;
    return answers;
  }

  @TearDown(Level.Iteration)
  public void continueToSteadyState() {
    firstAnswers = answers.clone();
    long[] nanos = new long[REQUESTS];
    long start = System.nanoTime();
    int count = 0;
    long previous = start;
    while (count < REQUESTS && previous - start < LONGEST_NANOS) {
      long before = System.nanoTime();
      predictor.predict(rows[count % DISTINCT_ROWS], answers);
      previous = System.nanoTime();
      nanos[count++] = previous - before;
    }
    double steady = median(nanos, Math.max(0, count - STEADY_REQUESTS), count);
    times.nextRequestsMicros = largest(nanos, NEXT_REQUESTS) * 1e-3;
    times.steadyMicros = steady * 1e-3;
    times.slowestMicros = largest(nanos, count) * 1e-3;
    times.millisToSteady = nanosToSteady(nanos, count, STEADY_FACTOR * steady) * 1e-6;
    requireAgreement();
  }

  private static double largest(long[] nanos, int count) {
    return Arrays.stream(nanos, 0, count).max().orElse(0);
  }

  private static double median(long[] nanos, int from, int to) {
    long[] window = Arrays.copyOfRange(nanos, from, to);
    Arrays.sort(window);
    return window[window.length / 2];
  }

  private static double nanosToSteady(long[] nanos, int count, double limit) {
    long sum = 0;
    for (int from = 0; from + WINDOW <= count; from += WINDOW) {
      if (median(nanos, from, from + WINDOW) <= limit) {
        return sum;
      }
      sum += Arrays.stream(nanos, from, from + WINDOW).sum();
    }
    return sum;
  }

  /// After the measurement, since it warms up: the first answer is the one that compiled kernels give, and that is right.
  private void requireAgreement() {
    predictor.predict(rows[0], answers);
    Agreement.requireSameBits("first answer", answers, firstAnswers);
    Requests requests = Requests.of(rows);
    try (Peer peer = SluicePeer.of(model, 1)) {
      InferenceGate.require(model, requests, peer, Difference.NONE);
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    predictor.close();
    model.close();
    RandomModelFile.delete(file);
  }
}
