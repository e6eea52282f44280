package dev.sluice.benchmark;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/// Every kernel by itself, beside the two limits of the machine: reading the weights, and multiplying and adding in registers.
///
/// ```
/// java -jar jmh/target/benchmarks.jar KernelBenchmark -rf json -rff kernels.json
/// ```
///
/// The score is operations per second; `gigaMacs` and `gigaBytes` beside it are what those operations computed and read. A returned
/// segment is written off-heap by the kernel, which no compiler may leave out.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class KernelBenchmark {
  /// The weights of a product, read once.
  @Benchmark
  public int readWeights(WeightBytes weights, ByteRate rate) {
    rate.add(weights.byteCount());
    return weights.read();
  }

  /// Fused multiply-adds without memory.
  @Benchmark
  public FloatVector fmaPeak(FmaPeak peak, MacRate rate) {
    rate.add(FmaPeak.MACS);
    return peak.run();
  }

  /// One row, all inputs; `density` of the blocks are open.
  @Benchmark
  public MemorySegment gatedMatVec(RowProduct product, MacRate rate) {
    rate.add(product.multiplyOpenBlocks());
    return product.sums();
  }

  /// One row, all inputs; `density` of the units are open, one by one, and with each all of its block runs.
  @Benchmark
  public MemorySegment unitMatVec(RowProduct product, MacRate rate) {
    rate.add(product.multiplyOpenUnits());
    return product.sums();
  }

  /// One row, all blocks open; `density` of the inputs are listed.
  @Benchmark
  public MemorySegment gatedMatVecListed(RowProduct product, MacRate rate) {
    rate.add(product.multiplyListedInputs());
    return product.sums();
  }

  /// A batch; each row opens `density` of the blocks.
  @Benchmark
  public MemorySegment gatedMatMul(BatchProduct product, MacRate rate) {
    rate.add(product.multiply());
    return product.sums();
  }

  @Benchmark
  public MemorySegment inputGrad(BatchInputGradient gradient, MacRate rate) {
    rate.add(gradient.differentiate());
    return gradient.gradient();
  }

  @Benchmark
  public MemorySegment weightGrad(BatchWeightGradient gradient, MacRate rate) {
    rate.add(gradient.differentiate());
    return gradient.gradient();
  }
}
