package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.ElementwiseKernels;
import dev.sluice.memory.Matrix;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// Copies rows of a dataset into the buffers of a batch.
final class BatchLoader {
  private final Batch batch;
  private final Matrix input;
  private final Targets targets;
  private final ElementwiseKernels elementwise;
  private final @Nullable Dropout dropout;
  private final @Nullable Matrix factors;
  private final @Nullable Augmenter augmenter;
  private final @Nullable TeacherAnswers teacher;
  private final Work load;
  private @Nullable Dataset dataset;
  private int @Nullable [] order;
  private int from;
  private long epoch;

  /// @param augmenter of the training set, null for rows as they are
  /// @param teacher answers to the rows of the training set
  BatchLoader(
      Arena arena,
      Batch batch,
      Matrix input,
      Targets targets,
      ElementwiseKernels elementwise,
      TrainingOptions options,
      @Nullable Augmenter augmenter,
      @Nullable TeacherAnswers teacher) {
    this.batch = batch;
    this.input = input;
    this.targets = targets;
    this.elementwise = elementwise;
    boolean drops = options.inputDropout() > 0;
    this.dropout = drops ? new Dropout(options.inputDropout(), options.seed(), 0) : null;
    this.factors = drops ? Matrix.allocate(arena, input.rows(), input.columns()) : null;
    this.augmenter = augmenter;
    this.teacher = teacher;
    this.load = batch.rowWork((task, fromRow, toRow) -> loadRows(fromRow, toRow));
  }

  /// Loads rows `newOrder[newFrom], newOrder[newFrom + 1], …`, as many as the batch has.
  ///
  /// @param newEpoch from 0; decides which variants are shown
  Work load(Dataset source, int[] newOrder, int newFrom, long newEpoch) {
    dataset = source;
    order = newOrder;
    from = newFrom;
    epoch = newEpoch;
    return load;
  }

  /// Loads rows `newFrom, newFrom + 1, …`.
  Work load(Dataset source, int newFrom) {
    dataset = source;
    order = null;
    from = newFrom;
    epoch = 0;
    return load;
  }

  private void loadRows(int fromRow, int toRow) {
    Dataset source = dataset;
    if (source == null) {
      throw new IllegalStateException("no data to load");
    }
    for (int row = fromRow; row < toRow; row++) {
      int sourceRow = order == null ? from + row : order[from + row];
      targets.load(source, sourceRow, row);
      if (batch.training()) {
        loadVariant(source, sourceRow, row);
      } else {
        source.copyFeatures(sourceRow, input.data(), input.rowOffsetBytes(row));
      }
    }
    if (dropout != null && factors != null && batch.training()) {
      dropout.fill(batch.step(), fromRow, toRow, factors);
      int count = Buffers.floats(input, fromRow, toRow);
      long offsetBytes = input.rowOffsetBytes(fromRow);
      elementwise.multiply(input.data(), factors.data(), offsetBytes, count, input.data());
    }
  }

  private void loadVariant(Dataset source, int sourceRow, int row) {
    int variant = 0;
    if (augmenter == null) {
      source.copyFeatures(sourceRow, input.data(), input.rowOffsetBytes(row));
    } else {
      variant = augmenter.variant(epoch, sourceRow);
      augmenter.copyFeatures(sourceRow, variant, input.data(), input.rowOffsetBytes(row));
    }
    if (teacher != null && targets.teacher() != null) {
      teacher.copy(sourceRow, variant, targets.teacher(), row);
    }
  }
}
