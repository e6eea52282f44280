package dev.sluice.cli;

import dev.sluice.data.Dataset;
import dev.sluice.model.ModelSpec;
import dev.sluice.train.Teacher;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingListener;
import dev.sluice.train.TrainingOptions;
import dev.sluice.train.TrainingResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// One training as commands run it: with threads of its own, and stopped by Ctrl-C.
final class TrainingJob {
  /// What a model carries so that later rows are encoded as its training rows were.
  static final String SCHEMA_KEY = "sluice.csvSchema";

  /// What a model carries so that it is asked about rows prepared as its training rows were.
  static final String PREPARATION_KEY = "sluice.preparation";

  private final Trainer.Builder setup;
  private final int threads;

  TrainingJob(ModelSpec spec, TrainingOptions options, Dataset training, int threads) {
    this.setup = Trainer.builder(spec, options, training);
    this.threads = threads;
    training.schema().ifPresent(schema -> setup.metadata(Map.of(SCHEMA_KEY, schema.toJson())));
    training
        .preparation()
        .ifPresent(preparation -> setup.metadata(Map.of(PREPARATION_KEY, preparation.toJson())));
  }

  TrainingJob listener(TrainingListener listener) {
    setup.listener(listener);
    return this;
  }

  TrainingJob validation(Dataset validation) {
    setup.validation(validation);
    return this;
  }

  TrainingJob teacher(@Nullable Teacher teacher) {
    if (teacher != null) {
      setup.teacher(teacher);
    }
    return this;
  }

  /// @param resume continue from what is there
  TrainingJob checkpoint(Path path, boolean resume) {
    setup.checkpoint(path, 0);
    if (resume) {
      setup.resumeFrom(path);
    }
    return this;
  }

  /// Trains to the end; a signal ends it early, with [dev.sluice.train.StopReason#CANCELLED].
  TrainingResult run() {
    ExecutorService helpers = helpers(threads);
    try {
      Trainer trainer = setup.executor(helpers, threads).build();
      try (Interruption.Scope _ = Interruption.cancelling(trainer::cancel)) {
        return trainer.train();
      }
    } finally {
      helpers.shutdownNow();
    }
  }

  /// Daemons, so that a failed training cannot keep the process alive.
  private static ExecutorService helpers(int threads) {
    return Executors.newFixedThreadPool(
        Math.max(1, threads - 1), Thread.ofPlatform().daemon().name("sluice-train-", 1).factory());
  }
}
