package dev.sluice.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Counts what operations of different sizes compute, so that they compare with the FMA peak: appears beside the score as
/// `gigaMacs`, which in throughput per second is 10⁹ MACs per second.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class MacRate {
  private long macs;

  @Setup(Level.Iteration)
  public void reset() {
    macs = 0;
  }

  void add(long count) {
    macs += count;
  }

  public double gigaMacs() {
    return macs * 1e-9;
  }
}
