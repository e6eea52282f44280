package dev.sluice.experiment;

import dev.sluice.train.Trainer;
import java.util.HashSet;
import java.util.Set;

/// A wish to stop, from any thread: trainings that run are cancelled, none is begun.
public final class Cancellation {
  /// The work was cancelled; what was finished before is kept.
  public static final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CancelledException() {
      super("cancelled");
    }
  }

  private final Set<Trainer> running = new HashSet<>();
  private boolean cancelled;

  public synchronized void cancel() {
    cancelled = true;
    running.forEach(Trainer::cancel);
  }

  public synchronized boolean isCancelled() {
    return cancelled;
  }

  void requireWanted() {
    if (isCancelled()) {
      throw new CancelledException();
    }
  }

  synchronized void begin(Trainer trainer) {
    requireWanted();
    running.add(trainer);
  }

  synchronized void end(Trainer trainer) {
    running.remove(trainer);
  }
}
