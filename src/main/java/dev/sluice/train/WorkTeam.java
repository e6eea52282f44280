package dev.sluice.train;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The caller and some helpers of an executor, working off one [Work] after the other.
///
/// A training step has tens of phases of some 10 µs each: too short to submit anything. Helpers are therefore submitted once, claim
/// tasks from a shared counter, spin for a moment when there are none, then park. The caller claims tasks like everybody, so work is done
/// even if no helper ever starts.
final class WorkTeam implements AutoCloseable {
  /// Longer than the gap between two phases of a step, shorter than anybody would notice on an idle core.
  private static final long SPIN_NANOS = 50_000;

  private static final int TASK_BITS = 31;
  private static final long TASK_MASK = (1L << TASK_BITS) - 1;

  /// Number of tasks above, next task to claim below. One word, so that a claim succeeds only for tasks that exist and are unclaimed at
  /// that instant; who claimed may then read `work`, which stays until all its tasks are finished.
  private final AtomicLong claims = new AtomicLong();

  private final AtomicInteger finished = new AtomicInteger();
  private final AtomicReferenceArray<@Nullable Thread> parked;
  private final Thread caller = Thread.currentThread();
  private volatile boolean closed;
  private @Nullable Work work;
  private @Nullable Failure failure;

  private record Failure(int task, Throwable cause) {}

  /// The caller alone.
  WorkTeam() {
    this.parked = new AtomicReferenceArray<>(0);
  }

  /// The caller and `threads - 1` helpers.
  WorkTeam(Executor executor, int threads) {
    this.parked = new AtomicReferenceArray<>(threads - 1);
    try {
      for (int slot = 0; slot < threads - 1; slot++) {
        int own = slot;
        executor.execute(() -> help(own));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Runs all tasks and returns when they are finished. If tasks throw, the exception of the lowest of them is thrown here.
  void run(Work newWork) {
    int tasks = newWork.tasks();
    if (tasks == 0) {
      return;
    }
    work = newWork;
    failure = null;
    finished.setPlain(0);
    claims.set((long) tasks << TASK_BITS);
    wakeHelpers();
    while (runOneTask()) {}
    awaitFinished(tasks);
    Failure seen = failure;
    if (seen != null) {
      rethrow(seen.cause);
    }
  }

  private void wakeHelpers() {
    for (int slot = 0; slot < parked.length(); slot++) {
      Thread thread = parked.get(slot);
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }

  /// False if there was nothing to claim.
  private boolean runOneTask() {
    long seen = claims.get();
    while (hasUnclaimed(seen)) {
      if (claims.compareAndSet(seen, seen + 1)) {
        execute((int) (seen & TASK_MASK));
        return true;
      }
      seen = claims.get();
    }
    return false;
  }

  private static boolean hasUnclaimed(long claims) {
    return (claims & TASK_MASK) < claims >>> TASK_BITS;
  }

  private void execute(int task) {
    try {
      Work current = work;
      if (current != null) {
        current.run(task);
      }
    } catch (Throwable e) {
      keepLowest(new Failure(task, e));
    } finally {
      finished.incrementAndGet();
    }
  }

  private synchronized void keepLowest(Failure candidate) {
    if (failure == null || candidate.task < failure.task) {
      failure = candidate;
    }
  }

  private void awaitFinished(int tasks) {
    long start = System.nanoTime();
    while (finished.get() < tasks) {
      // a helper that lost its core in the middle of a task needs ours to get it back
      if (System.nanoTime() - start > SPIN_NANOS) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private void help(int slot) {
    if (Thread.currentThread() == caller) {
      return; // an executor that runs tasks on the submitting thread has no help to give
    }
    while (!closed && !Thread.currentThread().isInterrupted()) {
      if (!runOneTask()) {
        awaitWork(slot);
      }
    }
  }

  private void awaitWork(int slot) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < SPIN_NANOS) {
      if (closed || hasUnclaimed(claims.get())) {
        return;
      }
      Thread.onSpinWait();
    }
    parked.set(slot, Thread.currentThread());
    // looked at again after announcing: the caller either sees the announcement or we see its work
    if (!closed && !hasUnclaimed(claims.get())) {
      LockSupport.park(this);
    }
    parked.set(slot, null);
  }

  /// Lets the helpers go.
  @Override
  public void close() {
    closed = true;
    wakeHelpers();
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable cause) throws E {
    throw (E) cause;
  }
}
