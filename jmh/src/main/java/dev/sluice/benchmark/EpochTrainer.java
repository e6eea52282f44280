package dev.sluice.benchmark;

/// One way to train the network of [TrainingEpoch].
interface EpochTrainer extends AutoCloseable {
  /// Trains one epoch from the same weights and returns its mean loss.
  double run(StepClock clock);

  @Override
  void close();
}
