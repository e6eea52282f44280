package dev.sluice.benchmark;

import dev.sluice.benchmark.InferenceGate.Difference;
import dev.sluice.data.DataSource;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
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
/// All dense runtimes run the same random weights, ReLU between layers, on the same rows, and so do all gated ones.
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
  @Param({"32-64-64-1", "108-256-128-2", "784-512-512-10", "3072-1024-512-10", "784-2048-2048-10"})
  public String net = "";

  /// Rows of a call.
  @Param("1")
  public int batch;

  /// `normal`: random rows without zeros. Else what `--data` takes: the first rows of its test part, for networks with as many inputs.
  @Param("normal")
  public String rows = "";

  /// What other code has used the Vector API in this JVM before, see [Pollution#run].
  @Param("false")
  public String polluted = "";

  /// `sluice-PRECISION`: dense. `sluice-gated25-PRECISION`: gated, a quarter of the dense MACs, gates counted. `onnxruntime`: output
  /// written in place. `onnxruntime-fetched`: output allocated by ONNX Runtime and copied, as its examples do. `onnxruntime-if`: the gated
  /// network, an `If` node per block. `djl-pytorch`: PyTorch through DJL.
  @Param({
    "sluice-f32",
    "sluice-bf16",
    "sluice-int8",
    "sluice-gated25-f32",
    "sluice-gated25-bf16",
    "sluice-gated25-int8",
    "onnxruntime",
    "onnxruntime-if",
    "djl-pytorch"
  })
  public String runtime = "";

  private Requests requests;
  private Model wide;
  private Model model;
  private Peer peer;

  @Setup(Level.Trial)
  public void openPeer() {
    Pollution.run(polluted);
    List<Integer> widths = ModelSpec.parseArchitecture(net);
    requests = requests(widths.getFirst());
    boolean isGated = runtime.startsWith(SluiceRuntime.GATED) || runtime.equals("onnxruntime-if");
    wide =
        isGated
            ? SluiceRuntime.gated(widths, requests, WEIGHT_SEED)
            : SluiceRuntime.dense(widths, WEIGHT_SEED);
    model = wide;
    if (SluiceRuntime.isSluice(runtime)) {
      openSluice();
    } else {
      openOther();
    }
    System.out.println("# kernels=" + KernelProvider.kernels().name());
  }

  private Requests requests(int features) {
    return rows.equals("normal")
        ? Requests.random(features, batch, new RandomValues(ROW_SEED))
        : Requests.rowsOf(DataSource.standard().loadTest(rows), features, batch);
  }

  private void openSluice() {
    String precision = SluiceRuntime.parse(runtime).precision();
    model = SluiceModels.withPrecision(wide, precision);
    peer = SluicePeer.of(model, batch);
    if (precision.equals("f32")) {
      InferenceGate.require(model, requests, peer, Difference.NONE);
    } else {
      InferenceGate.requireScalarBits(wide, model, requests, peer);
    }
  }

  private void openOther() {
    peer =
        switch (runtime) {
          case "onnxruntime", "onnxruntime-if" -> OnnxRuntimePeer.inPlace(model, batch);
          case "onnxruntime-fetched" -> OnnxRuntimePeer.fetched(model, batch);
          case "djl-pytorch" -> new DjlPeer(model, batch);
          default -> throw new IllegalArgumentException("unknown runtime: runtime=" + runtime);
        };
    boolean isGated = model.spec().isGated();
    InferenceGate.require(
        model, requests, peer, isGated ? Difference.ROUNDING_AND_TIES : Difference.ROUNDING);
  }

  @TearDown(Level.Trial)
  public void closePeer() {
    peer.close();
    if (model != wide) {
      model.close();
    }
    wide.close();
  }

  @Benchmark
  public float[] predict() {
    return peer.answer(requests.get(requests.advance()));
  }
}
