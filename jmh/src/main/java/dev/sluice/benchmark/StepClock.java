package dev.sluice.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The time from step to step, beside the score: unlike an epoch's it leaves out drawing the weights and building the network.
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class StepClock {
  private long nanos;
  private long steps;
  private double macs;
  private long last;
  private boolean isRunning;

  @Setup(Level.Iteration)
  public void reset() {
    nanos = 0;
    steps = 0;
    macs = 0;
  }

  /// Begins a training, whose first step is not counted: it ends when that is done.
  void start() {
    isRunning = false;
  }

  /// To be called after every step.
  ///
  /// @param stepMacs of a step
  void stepDone(double stepMacs) {
    long now = System.nanoTime();
    if (isRunning) {
      nanos += now - last;
      steps++;
      macs += stepMacs;
    }
    isRunning = true;
    last = now;
  }

  /// Mean of all steps of the iteration.
  public double stepMicros() {
    return nanos * 1e-3 / steps;
  }

  /// 10⁹ MACs per second.
  public double stepGigaMacs() {
    return macs / nanos;
  }
}
