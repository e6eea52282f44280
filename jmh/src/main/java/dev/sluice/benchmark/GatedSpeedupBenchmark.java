package dev.sluice.benchmark;

import dev.sluice.data.DataSource;
import dev.sluice.data.Dataset;
import dev.sluice.format.ModelFile;
import dev.sluice.model.Model;
import dev.sluice.runtime.Predictor;
import java.nio.file.Path;
import java.util.Locale;
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

/// A trained gated network beside its trained dense network on real rows, one at a time: the time that gating saves next to the MACs
/// that it saves.
///
/// ```
/// java -jar jmh/target/benchmarks.jar GatedSpeedupBenchmark -p dense=dense.safetensors -p gated=gated.safetensors \
///     -p data=mnist -rf json -rff speedup.json
/// ```
///
/// Data come from `SLUICE_DATA` or the user's cache, as for `sluice eval`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class GatedSpeedupBenchmark {
  /// Which of the two files is timed.
  @Param({"dense", "gated"})
  public String network = "";

  /// File of the dense model.
  @Param("")
  public String dense = "";

  /// File of the gated model.
  @Param("")
  public String gated = "";

  /// What `--data` takes; the first rows of its test part are answered.
  @Param("mnist")
  public String data = "";

  private Requests requests;
  private Model model;
  private Peer peer;
  private double[] relativeMacs;

  @Setup(Level.Trial)
  public void openModel() {
    if (dense.isEmpty() || gated.isEmpty()) {
      throw new IllegalArgumentException(
          "model files are missing, pass -p dense=FILE -p gated=FILE: dense="
              + dense
              + ", gated="
              + gated);
    }
    requireSameArchitecture();
    model = ModelFile.open(Path.of(network.equals("dense") ? dense : gated));
    Dataset dataset = DataSource.standard().loadTest(data);
    requests = Requests.rowsOf(dataset);
    peer = SluicePeer.of(model, 1);
    InferenceGate.require(model, requests, peer, InferenceGate.Difference.NONE);
    countRows(dataset);
  }

  private void requireSameArchitecture() {
    try (Model first = ModelFile.open(Path.of(dense));
        Model second = ModelFile.open(Path.of(gated))) {
      String expected = first.spec().architecture();
      String actual = second.spec().architecture();
      if (!expected.equals(actual) || first.spec().isGated() || !second.spec().isGated()) {
        throw new IllegalArgumentException(
            "models are not a dense and a gated network of the same widths: dense="
                + expected
                + ", gated="
                + actual);
      }
    }
  }

  private void countRows(Dataset dataset) {
    relativeMacs = new double[requests.count()];
    int right = 0;
    float[] scores = new float[model.spec().outputs()];
    try (Predictor predictor = Predictor.of(model)) {
      for (int row = 0; row < relativeMacs.length; row++) {
        predictor.predict(requests.get(row), scores);
        long executed = predictor.macs().structuralMacs();
        relativeMacs[row] = (double) executed / model.spec().denseMacs();
        right += largest(scores) == dataset.label(row) ? 1 : 0;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "# network=%s, rows=%d, accuracy=%.4f%n",
        network,
        relativeMacs.length,
        (double) right / relativeMacs.length);
  }

  private static int largest(float[] scores) {
    int best = 0;
    for (int index = 1; index < scores.length; index++) {
      best = scores[index] > scores[best] ? index : best;
    }
    return best;
  }

  @TearDown(Level.Trial)
  public void closeModel() {
    peer.close();
    model.close();
  }

  @Benchmark
  public float[] predict(DenseEquivalents work) {
    int row = requests.advance();
    work.add(relativeMacs[row]);
    return peer.answer(requests.get(row));
  }
}
