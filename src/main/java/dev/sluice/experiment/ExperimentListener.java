package dev.sluice.experiment;

/// Told how an experiment goes, from any of its threads.
public interface ExperimentListener {
  /// @param jobs to be done: networks to train, and latencies to measure
  default void begun(int jobs) {}

  /// A job is finished, well or not.
  default void done(String job) {}

  /// No network of the cell's method is as cheap as its budget.
  default void unreachable(Cell cell, String reason) {}

  /// A network could not be trained; the others go on.
  default void failed(Cell cell, String reason) {}
}
