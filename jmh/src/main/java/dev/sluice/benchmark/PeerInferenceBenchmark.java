package dev.sluice.benchmark;

import dev.sluice.kernel.Activation;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.util.List;
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

/// A whole network from features to answers, one thread: Sluice beside what else a JVM can call.
///
/// ```
/// java -jar jmh/target/benchmarks.jar PeerInferenceBenchmark -p net=784-512-512-10 -prof gc -rf json -rff peers.json
/// ```
///
/// All runtimes but the gated one run the same random weights, ReLU between layers, on the same rows.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class PeerInferenceBenchmark {
  private static final long WEIGHT_SEED = 1;
  private static final long ROW_SEED = 2;

  /// Widths, inputs first.
  @Param("784-512-512-10")
  public String net = "";

  /// Rows of a call.
  @Param("1")
  public int batch;

  /// `sluice-f32`: dense. `sluice-gated25-f32`: gated, a quarter of the dense MACs, gates counted. `onnxruntime`: output written in
  /// place. `onnxruntime-fetched`: output allocated by ONNX Runtime and copied, as its examples do.
  @Param({"sluice-f32", "sluice-gated25-f32", "onnxruntime"})
  public String runtime = "";

  private Requests requests;
  private Model model;
  private Peer peer;

  @Setup(Level.Trial)
  public void openPeer() {
    List<Integer> widths = ModelSpec.parseArchitecture(net);
    requests = Requests.random(widths.getFirst(), batch, new RandomValues(ROW_SEED));
    RandomValues weights = new RandomValues(WEIGHT_SEED);
    model =
        runtime.equals("sluice-gated25-f32")
            ? CalibratedGates.model(widths, 0.25, requests, weights)
            : weights.model(ModelSpec.dense(widths, 32, Activation.RELU, OutputForm.IDENTITY));
    peer =
        switch (runtime) {
          case "sluice-f32", "sluice-gated25-f32" -> SluicePeer.of(model, batch);
          case "onnxruntime" -> OnnxRuntimePeer.inPlace(model, batch);
          case "onnxruntime-fetched" -> OnnxRuntimePeer.fetched(model, batch);
          default -> throw new IllegalArgumentException("unknown runtime: runtime=" + runtime);
        };
    InferenceGate.require(model, requests, peer, runtime.startsWith("sluice"));
    System.out.println("# kernels=" + KernelProvider.kernels().name());
  }

  @TearDown(Level.Trial)
  public void closePeer() {
    peer.close();
    model.close();
  }

  @Benchmark
  public float[] predict() {
    return peer.answer(requests.get(requests.advance()));
  }
}
