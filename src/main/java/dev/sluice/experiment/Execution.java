package dev.sluice.experiment;

import dev.sluice.train.StopReason;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingResult;
import java.util.concurrent.Executor;

/// What a training runs on. It decides how long the training takes and not what comes out.
///
/// @param helpers runs `threads − 1` tasks beside the caller's thread
/// @param threads at least 1
public record Execution(Executor helpers, int threads, Cancellation cancellation) {
  /// On the caller's thread alone.
  public static Execution single(Cancellation cancellation) {
    return new Execution(Runnable::run, 1, cancellation);
  }

  /// Trains to the end.
  ///
  /// @throws Cancellation.CancelledException if it was cancelled
  /// @throws IllegalStateException if training diverged
  public TrainingResult run(Trainer.Builder setup) {
    Trainer trainer = (threads == 1 ? setup : setup.executor(helpers, threads)).build();
    cancellation.begin(trainer);
    try {
      TrainingResult result = trainer.train();
      if (result.reason() == StopReason.CANCELLED || result.reason() == StopReason.DIVERGED) {
        result.model().close();
        cancellation.requireWanted();
        throw new IllegalStateException(result.message());
      }
      return result;
    } finally {
      cancellation.end(trainer);
    }
  }
}
