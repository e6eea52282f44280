package dev.sluice.benchmark;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Training on two cores beside what two cores can multiply and add, and beside PyTorch.
///
/// ```
/// java -jar jmh/target/benchmarks.jar TrainingBenchmark -rf json -rff training.json
/// ```
///
/// All report `gigaMacs`; with throughput per second that is 10⁹ MACs per second of both cores together, a gated network's counted as if
/// it were dense. `stepMicros` and `stepGigaMacs` are of the steps alone.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class TrainingBenchmark {
  /// Fused multiply-adds without memory, on two threads at once.
  @Benchmark
  @Threads(2)
  @Warmup(iterations = 3, time = 1)
  @Measurement(iterations = 5, time = 1)
  public FloatVector fmaPeak(FmaPeak peak, MacRate rate) {
    rate.add(FmaPeak.MACS);
    return peak.run();
  }

  /// A whole training of one epoch, from drawing the weights to the finished model: forward, backward and optimiser of every batch.
  @Benchmark
  @Warmup(iterations = 3, time = 3)
  @Measurement(iterations = 5, time = 3)
  public double epoch(TrainingEpoch epoch, MacRate rate, StepClock clock) {
    rate.add(epoch.macs());
    return epoch.run(clock);
  }
}
