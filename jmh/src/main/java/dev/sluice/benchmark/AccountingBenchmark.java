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

/// What it costs to ask every single prediction for its MACs. Not asked for they cost nothing: no step of a prediction counts.
///
/// ```
/// java -jar jmh/target/benchmarks.jar AccountingBenchmark -prof gc -rf json -rff accounting.json
/// ```
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class AccountingBenchmark {
  private static final long WEIGHT_SEED = 1;
  private static final long ROW_SEED = 2;
  private static final int CALIBRATION_ROWS = 256;

  /// Widths, inputs first.
  @Param("32-64-64-1")
  public String net = "";

  @Param({"false", "true"})
  public boolean gated;

  private Requests requests;
  private Model model;
  private Predictor predictor;
  private float[] answers;

  @Setup
  public void open() {
    List<Integer> widths = Arrays.stream(net.split("-")).map(Integer::valueOf).toList();
    requests = Requests.random(widths.getFirst(), 1, new RandomValues(ROW_SEED));
    model = gated ? gated(widths) : SluiceRuntime.dense(widths, WEIGHT_SEED);
    predictor = Predictor.of(model);
    answers = new float[widths.getLast()];
    SluiceModels.warmUp(predictor);
    requireCounts();
  }

  private static Model gated(List<Integer> widths) {
    RandomValues random = new RandomValues(ROW_SEED);
    Requests rows = Requests.random(widths.getFirst(), CALIBRATION_ROWS, random);
    return SluiceRuntime.gated(widths, rows, WEIGHT_SEED);
  }

  /// All blocks open and nothing skipped must come to the dense MACs; gates must have closed something.
  private void requireCounts() {
    predictor.predict(requests.get(requests.advance()), answers);
    long dense = model.spec().denseMacs();
    long counted = predictor.macs().structuralMacs();
    if (gated ? counted >= dense : counted != dense) {
      throw new IllegalStateException(
          "count is not that of the network: structuralMacs=" + counted + ", denseMacs=" + dense);
    }
  }

  @Benchmark
  public float[] predict() {
    predictor.predict(requests.get(requests.advance()), answers);
    return answers;
  }

  @Benchmark
  public long predictAndCount() {
    predictor.predict(requests.get(requests.advance()), answers);
    return predictor.macs().executedMacs();
  }

  @TearDown
  public void close() {
    predictor.close();
    model.close();
  }
}
