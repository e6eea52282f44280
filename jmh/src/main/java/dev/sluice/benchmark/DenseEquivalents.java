package dev.sluice.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Sums the relative MACs of the rows that were answered: `denseWork` beside the score, in average time the time per as many MACs
/// as the dense network has. Score over `denseWork` is the mean of the relative MACs over exactly the rows that were timed.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class DenseEquivalents {
  private double sum;

  @Setup(Level.Iteration)
  public void reset() {
    sum = 0;
  }

  void add(double relativeMacs) {
    sum += relativeMacs;
  }

  public double denseWork() {
    return sum;
  }
}
