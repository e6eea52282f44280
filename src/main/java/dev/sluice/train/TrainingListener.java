package dev.sluice.train;

/// Told how training goes, on the thread that trains; what it takes, training waits for.
public interface TrainingListener {
  default void stepDone(StepRecord record) {}

  default void epochDone(EpochRecord record) {}
}
