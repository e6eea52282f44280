package dev.sluice.benchmark;

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

/// Dense products on one thread, Sluice beside the libraries that are made for them.
///
/// ```
/// java -jar jmh/target/benchmarks.jar ProductPeerBenchmark KernelBenchmark.fmaPeak -rf json -rff products.json
/// ```
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ProductPeerBenchmark {
  private static final long SEED = 3;

  /// inputs × units
  @Param({"512x512", "1024x1024", "2048x2048"})
  public String shape = "";

  /// Rows; one makes it a matrix–vector product.
  @Param({"1", "240", "256"})
  public int batch;

  /// `vectorblas`: netlib's, in Java. `onnxruntime`: one `Gemm` node.
  @Param({"sluice", "openblas", "vectorblas", "onnxruntime"})
  public String library = "";

  private ProductOperands operands;
  private ProductPeer peer;

  @Setup(Level.Trial)
  public void prepare() {
    List<Integer> extents = ShapeParameters.extents(shape);
    operands = ProductOperands.random(batch, extents.getFirst(), extents.getLast(), SEED);
    peer =
        switch (library) {
          case "sluice" -> new SluiceProduct(operands);
          case "openblas" -> new OpenBlasProduct(operands);
          case "vectorblas" -> new VectorBlasProduct(operands);
          case "onnxruntime" -> new OnnxRuntimeProduct(operands);
          default -> throw new IllegalArgumentException("unknown library: library=" + library);
        };
    operands.requireAgreement(peer);
    System.out.println("# library=" + peer.name());
  }

  @TearDown(Level.Trial)
  public void close() {
    peer.close();
    operands.model().close();
  }

  /// Every library writes its result to memory that others can see, which no compiler may leave out.
  @Benchmark
  public ProductPeer product(MacRate rate) {
    peer.multiply();
    rate.add(operands.macs());
    return peer;
  }
}
