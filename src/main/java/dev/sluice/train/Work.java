package dev.sluice.train;

import java.util.List;

/// Work cut into tasks that may run in any order and at the same time. How it is cut never depends on the number of threads, and no
/// task reads what another one writes: that is why results do not depend on it either.
interface Work {
  /// How many tasks there are now; the tasks are `0 … tasks() - 1`.
  int tasks();

  void run(int task);

  /// All tasks of several works, which must be independent of each other; those of the first are started first.
  static Work together(List<Work> works) {
    Work[] parts = works.toArray(Work[]::new);
    return new Work() {
      @Override
      public int tasks() {
        int tasks = 0;
        for (Work part : parts) {
          tasks += part.tasks();
        }
        return tasks;
      }

      @Override
      public void run(int task) {
        int remaining = task;
        for (Work part : parts) {
          int tasks = part.tasks();
          if (remaining < tasks) {
            part.run(remaining);
            return;
          }
          remaining -= tasks;
        }
        throw new IllegalArgumentException("task out of range: task=" + task);
      }
    };
  }
}
