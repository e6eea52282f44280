package dev.sluice.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Ctrl-C as a wish to stop rather than a death: work that can be cancelled is, writes what lets it
/// be resumed, and the command ends with its own message and exit code.
///
/// One per process, as signals are.
final class Interruption {
  /// Longer than a step and a checkpoint take; after it the process ends whatever happens.
  private static final long PATIENCE_SECONDS = 60;

  private static final AtomicReference<@Nullable Runnable> CANCEL = new AtomicReference<>();
  private static final CountDownLatch FINISHED = new CountDownLatch(1);
  private static volatile int exitCode = Failures.FAILED;

  private Interruption() {}

  /// Makes signals that end the process call what [#cancelling] registered.
  static void installHook() {
    Runtime.getRuntime().addShutdownHook(new Thread(Interruption::onShutdown, "sluice-interrupt"));
  }

  private static void onShutdown() {
    Runnable cancel = CANCEL.get();
    if (cancel == null) {
      return;
    }
    cancel.run();
    try {
      if (!FINISHED.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("sluice: did not stop in time: seconds=" + PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // a signal's own exit code would hide what the command has to say
    Runtime.getRuntime().halt(exitCode);
  }

  /// The command has printed everything; a waiting hook may end the process.
  static void finished(int code) {
    exitCode = code;
    FINISHED.countDown();
  }

  /// Until closed, a signal calls `cancel`, on another thread.
  static Scope cancelling(Runnable cancel) {
    CANCEL.set(cancel);
    return () -> CANCEL.compareAndSet(cancel, null);
  }

  /// Ends the time in which there is something to cancel.
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
