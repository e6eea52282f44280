package dev.sluice.runtime;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Calls operations until the JIT has compiled them, or time is up.
///
/// All take turns, so that the compilers have the next one while the first is being run. The JIT's thresholds are counts of calls
/// and of turns of loops, not of time: operations should be small, as one is hundreds of times slower before it is compiled. An operation that was
/// called often enough waits, and leaves the core to the compilers.
final class CompileLoop {
  /// Past HotSpot's `Tier4InvocationThreshold` of 5000, on its next look at the counter.
  private static final int ENOUGH_CALLS = 5200;

  private static final int CALLS_PER_TURN = 128;
  private static final long TURN_NANOS = 3_000_000;
  private static final long WAIT_NANOS = 300_000;
  private static final int PROBES = 8;

  /// The JIT leaves out branches that it never saw taken, and compiles anew when one is: so all are shown to it now and then. The first time is
  /// after the interpreter's 200 calls, which it does not watch.
  private static final int CALLS_PER_RARE_CALL = 512;

  private static final int FIRST_RARE_CALL = 300;

  /// @param often a short call
  /// @param rarely a longer one that takes all branches and turns all loops more than once
  /// @param quickNanos what a call of `often` takes at most when it is compiled
  record Operation(Runnable often, Runnable rarely, long quickNanos) {}

  private static final class Progress {
    final Operation operation;
    int calls;
    boolean isQuick;

    Progress(Operation operation) {
      this.operation = operation;
    }

    void turn(long deadlineNanos, LongSupplier clock) {
      if (calls >= ENOUGH_CALLS) {
        LockSupport.parkNanos(WAIT_NANOS);
        probe(clock);
        return;
      }
      long end = Math.min(deadlineNanos, clock.getAsLong() + TURN_NANOS);
      for (int i = 0; i < CALLS_PER_TURN && clock.getAsLong() - end < 0; i++) {
        boolean isRare = calls % CALLS_PER_RARE_CALL == FIRST_RARE_CALL;
        (isRare ? operation.rarely : operation.often).run();
        calls++;
      }
    }

    /// By the quickest of some calls: interruptions make calls longer, nothing makes slow code quick.
    private void probe(LongSupplier clock) {
      long quickest = Long.MAX_VALUE;
      for (int i = 0; i < PROBES; i++) {
        long start = clock.getAsLong();
        operation.often.run();
        quickest = Math.min(quickest, clock.getAsLong() - start);
        calls++;
      }
      isQuick = quickest <= operation.quickNanos;
    }
  }

  private CompileLoop() {}

  /// Returns whether all became quick before `deadlineNanos`, a value of [System#nanoTime].
  static boolean run(List<Operation> operations, long deadlineNanos) {
    return run(operations, deadlineNanos, System::nanoTime);
  }

  static boolean run(List<Operation> operations, long deadlineNanos, LongSupplier clock) {
    List<Progress> slow = operations.stream().map(Progress::new).toList();
    while (!slow.isEmpty() && clock.getAsLong() - deadlineNanos < 0) {
      for (Progress progress : slow) {
        progress.turn(deadlineNanos, clock);
      }
      slow = slow.stream().filter(progress -> !progress.isQuick).toList();
    }
    return slow.isEmpty();
  }
}
