package dev.sluice.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// How the first seconds of a JVM passed, beside the score.
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class StartTimes {
  /// From path to predictor.
  public double openMillis;

  /// Bringing the predictor's plan to compiled code, 0 if nobody asked for it.
  public double warmUpMillis;

  /// Answering the first request.
  public double firstRequestMicros;

  /// The slowest of requests 2 to 10.
  public double nextRequestsMicros;

  /// Median of the last requests.
  public double steadyMicros;

  /// From the first request to the first of a hundred in a row whose median is within a fifth of the steady state.
  public double millisToSteady;

  /// The slowest request of all.
  public double slowestMicros;
}
