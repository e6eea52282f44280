package dev.sluice.train;

/// Losses and right answers of a batch; sums are taken in ascending order of rows.
final class LossPass {
  private final Batch batch;
  private final double[] losses;
  private final boolean[] right;
  private final Work training;

  LossPass(Batch batch, Criterion criterion) {
    this.batch = batch;
    this.losses = new double[batch.capacity()];
    this.right = new boolean[batch.capacity()];
    this.training =
        batch.rowWork(
            (index, from, to) -> {
              for (int row = from; row < to; row++) {
                right[row] = criterion.isRight(row);
                losses[row] = criterion.trainingLoss(row, 1.0 / batch.rows());
              }
            });
  }

  /// As trained, with gradients.
  Work training() {
    return training;
  }

  /// Of the rows of the batch.
  double[] losses() {
    return losses;
  }

  double lossSum() {
    double sum = 0;
    for (int row = 0; row < batch.rows(); row++) {
      sum += losses[row];
    }
    return sum;
  }

  int rightCount() {
    int count = 0;
    for (int row = 0; row < batch.rows(); row++) {
      count += right[row] ? 1 : 0;
    }
    return count;
  }
}
