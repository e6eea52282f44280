package dev.sluice.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Counts bytes read: `gigaBytes` beside the score, in throughput per second 10⁹ bytes per second.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class ByteRate {
  private long bytes;

  @Setup(Level.Iteration)
  public void reset() {
    bytes = 0;
  }

  void add(long count) {
    bytes += count;
  }

  public double gigaBytes() {
    return bytes * 1e-9;
  }
}
