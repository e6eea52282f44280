package dev.sluice.train;

import dev.sluice.kernel.RowGroups;
import java.util.HashMap;
import java.util.Map;

/// What the passes of a step share: how many rows are in the buffers, and what for. Set by the thread that trains, between phases.
final class Batch {
  /// Rows of a task that works along rows: some microseconds each, and eight tasks of the usual 128 rows.
  static final int ROWS_PER_TASK = 16;

  private final int capacity;
  private final Map<Long, RowGroups> denseGroups = new HashMap<>();
  private int rows;
  private boolean training;
  private long step;

  Batch(int capacity) {
    this.capacity = capacity;
  }

  /// @param newTraining whether a way back follows: dropout and sampled gates are active
  /// @param newStep counts training steps, for randomness
  void set(int newRows, boolean newTraining, long newStep) {
    rows = newRows;
    training = newTraining;
    step = newStep;
  }

  int capacity() {
    return capacity;
  }

  int rows() {
    return rows;
  }

  boolean training() {
    return training;
  }

  long step() {
    return step;
  }

  int rowTasks() {
    return (rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
  }

  int fromRow(int rowTask) {
    return rowTask * ROWS_PER_TASK;
  }

  int toRow(int rowTask) {
    return Math.min(rows, fromRow(rowTask) + ROWS_PER_TASK);
  }

  /// All rows for each of `blocks` blocks; made once per number of rows, of which there are few.
  RowGroups dense(int blocks) {
    return denseGroups.computeIfAbsent(
        (long) blocks << Integer.SIZE | rows, key -> RowGroups.dense(blocks, rows));
  }

  /// Along rows, `ROWS_PER_TASK` at a time.
  Work rowWork(RowRange range) {
    return new Work() {
      @Override
      public int tasks() {
        return rowTasks();
      }

      @Override
      public void run(int task) {
        range.run(task, fromRow(task), toRow(task));
      }
    };
  }

  /// What is done with the rows of one task.
  interface RowRange {
    void run(int task, int fromRow, int toRow);
  }
}
