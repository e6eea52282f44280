package dev.sluice.benchmark;

import dev.sluice.model.Model;
import dev.sluice.runtime.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
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

/// What events cost a single prediction, recorded and not.
///
/// ```
/// java -jar jmh/target/benchmarks.jar RecordingBenchmark -f 5 -prof gc -rf json -rff recording.json
/// ```
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class RecordingBenchmark {
  private static final long WEIGHT_SEED = 1;
  private static final long ROW_SEED = 2;

  /// Widths, inputs first.
  @Param("32-64-64-1")
  public String net = "";

  /// `never`: the JVM has not recorded. `off`: it records, but no predictions. `on`: it records one of every 100.
  @Param({"never", "off", "on"})
  public String recording = "";

  private Requests requests;
  private Model model;
  private Predictor predictor;
  private float[] answers;
  private Recording running;

  @Setup
  public void open() {
    List<Integer> widths = Arrays.stream(net.split("-")).map(Integer::valueOf).toList();
    requests = Requests.random(widths.getFirst(), 1, new RandomValues(ROW_SEED));
    model = SluiceRuntime.dense(widths, WEIGHT_SEED);
    predictor = Predictor.of(model);
    answers = new float[widths.getLast()];
    SluiceModels.warmUp(predictor);
    if (!recording.equals("never")) {
      running = new Recording();
      if (recording.equals("off")) {
        running.disable("dev.sluice.Prediction");
      }
      running.start();
    }
  }

  @Benchmark
  public float[] predict() {
    predictor.predict(requests.get(requests.advance()), answers);
    return answers;
  }

  @TearDown
  public void close() {
    if (running != null) {
      running.close();
    }
    predictor.close();
    model.close();
  }
}
