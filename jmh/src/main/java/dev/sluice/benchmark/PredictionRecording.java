package dev.sluice.benchmark;

import jdk.jfr.Recording;

/// Apart from the benchmark, so that a JVM without Flight Recorder need not have its classes.
final class PredictionRecording {
  private PredictionRecording() {}

  /// @param ofPredictions whether predictions are among what is recorded
  static AutoCloseable start(boolean ofPredictions) {
    Recording recording = new Recording();
    if (!ofPredictions) {
      recording.disable("dev.sluice.Prediction");
    }
    recording.start();
    return recording;
  }
}
