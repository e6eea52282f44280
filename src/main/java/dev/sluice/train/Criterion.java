package dev.sluice.train;

import dev.sluice.memory.Matrix;

/// The loss of single rows of a batch, from the network's output buffer and the batch's [Targets]. Rows may be asked for at the same time.
interface Criterion {
  /// Loss against the data alone. May use the row's gradient buffer.
  double taskLoss(int row);

  /// Loss as it is trained, label smoothing and teacher included.
  ///
  /// @param scale factor of the gradient, which is written to the row's gradient buffer: 1 / rows
  double trainingLoss(int row, double scale);

  /// Loss against the outputs of another network, by the form of [Distillation] and without its weight.
  ///
  /// @param scale factor of the gradient, which is added to the row's gradient buffer
  /// @param other outputs before softmax or sigmoid (rows, outputs)
  double addTeacherLoss(int row, double scale, Matrix other);

  /// Whether the answer is right; false for regression.
  boolean isRight(int row);
}
