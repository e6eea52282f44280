package dev.sluice.train;

import dev.sluice.data.Splits;

/// In which order an epoch takes the training rows, and where each step's batch begins.
final class EpochOrder {
  private final int rows;
  private final int batchSize;
  private final long seed;
  private int[] order = new int[0];
  private long orderEpoch = -1;

  EpochOrder(int rows, TrainingOptions options) {
    this.rows = rows;
    this.batchSize = options.batchSize();
    this.seed = options.seed();
  }

  int stepsPerEpoch() {
    return Math.ceilDiv(rows, batchSize);
  }

  /// Of the epoch of a step, not a copy.
  int[] rowsOf(long step) {
    long epoch = step / stepsPerEpoch();
    if (epoch != orderEpoch) {
      long key = CounterRandom.key(seed, CounterRandom.Stream.ORDER, epoch, 0);
      order = Splits.permutation(rows, key);
      orderEpoch = epoch;
    }
    return order;
  }

  /// Where the batch of a step begins in [#rowsOf].
  int from(long step) {
    return (int) (step % stepsPerEpoch()) * batchSize;
  }
}
