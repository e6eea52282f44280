package dev.sluice.benchmark;

import dev.sluice.model.Model;
import dev.sluice.runtime.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/// What events cost a single prediction: in a JVM that has no Flight Recorder, that has not recorded, that records but no predictions, and that records
/// one of every 100.
///
/// ```
/// java -jar jmh/target/benchmarks.jar RecordingBenchmark -prof gc -rf json -rff recording.json
/// ```
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class RecordingBenchmark {
  private static final long WEIGHT_SEED = 1;
  private static final long ROW_SEED = 2;

  /// All that JMH and Sluice need, `jdk.jfr` not among them.
  private static final String MODULES_WITHOUT_RECORDER =
      "--limit-modules=java.compiler,java.logging,java.management,java.xml,jdk.incubator.vector,"
          + "jdk.management,jdk.unsupported,jdk.zipfs";

  /// Widths, inputs first.
  @Param("32-64-64-1")
  public String net = "";

  private Requests requests;
  private Model model;
  private Predictor predictor;
  private float[] answers;
  private AutoCloseable recording;

  @Setup
  public void open(BenchmarkParams parameters) {
    List<Integer> widths = Arrays.stream(net.split("-")).map(Integer::valueOf).toList();
    requests = Requests.random(widths.getFirst(), 1, new RandomValues(ROW_SEED));
    model = SluiceRuntime.dense(widths, WEIGHT_SEED);
    predictor = Predictor.of(model);
    answers = new float[widths.getLast()];
    SluiceModels.warmUp(predictor);
    String benchmark = parameters.getBenchmark();
    requireRecorder(!benchmark.endsWith(".withoutRecorder"));
    if (benchmark.endsWith(".switchedOff")) {
      recording = PredictionRecording.start(false);
    } else if (benchmark.endsWith(".oneOfAHundred")) {
      recording = PredictionRecording.start(true);
    }
  }

  private static void requireRecorder(boolean expected) {
    boolean actual = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    if (actual != expected) {
      throw new IllegalStateException(
          "module jdk.jfr differs from what is measured: expected="
              + expected
              + ", actual="
              + actual);
    }
  }

  @Benchmark
  @Fork(
      value = 5,
      jvmArgsAppend = {"--add-modules=jdk.incubator.vector", MODULES_WITHOUT_RECORDER})
  public float[] withoutRecorder() {
    return predict();
  }

  @Benchmark
  public float[] neverRecorded() {
    return predict();
  }

  @Benchmark
  public float[] switchedOff() {
    return predict();
  }

  @Benchmark
  public float[] oneOfAHundred() {
    return predict();
  }

  private float[] predict() {
    predictor.predict(requests.get(requests.advance()), answers);
    return answers;
  }

  @TearDown
  public void close() throws Exception {
    if (recording != null) {
      recording.close();
    }
    predictor.close();
    model.close();
  }
}
