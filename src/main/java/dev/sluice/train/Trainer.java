package dev.sluice.train;

import dev.sluice.data.Dataset;
import dev.sluice.kernel.KernelProvider;
import dev.sluice.kernel.Kernels;
import dev.sluice.model.Model;
import dev.sluice.model.ModelSpec;
import dev.sluice.model.OutputForm;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Trains one network. Runs on the caller's thread, and on an executor's if one is given; the result does not depend on either.
///
/// ```java
/// Trainer trainer = Trainer.builder(spec, options, training).validation(held).executor(pool, 2).build();
/// try (Model model = trainer.train().model()) { … }
/// ```
public final class Trainer {
  private final Builder setup;
  private volatile boolean cancelled;

  private Trainer(Builder setup) {
    this.setup = setup;
  }

  /// @param training rows whose features and targets fit `spec`
  public static Builder builder(ModelSpec spec, TrainingOptions options, Dataset training) {
    return new Builder(spec, options, training);
  }

  /// Trains to the end, or until [#cancel], early stopping or divergence. To be called once.
  ///
  /// @throws IllegalArgumentException if data, teacher or checkpoint do not fit, or the budget cannot be met: `mac budget cannot
  ///     be met: budget=0.010, smallest=0.034`
  /// @throws java.io.UncheckedIOException if a checkpoint cannot be read or written
  public TrainingResult train() {
    requireFit();
    try (Arena arena = Arena.ofShared();
        WorkTeam team =
            setup.executor == null ? new WorkTeam() : new WorkTeam(setup.executor, setup.threads)) {
      return new TrainingRun(setup, arena, team, () -> cancelled).run();
    }
  }

  private void requireFit() {
    ModelSpec spec = setup.spec;
    TrainingOptions options = setup.options;
    requireFit(spec, options, setup.training);
    if (setup.validation != null) {
      Targets.requireFit(spec, setup.validation);
    }
    if (setup.teacher != null) {
      setup.teacher.requireFit(spec);
    }
    if (setup.answers != null) {
      requireFit(setup.answers);
    }
    if (options.patience() > 0 && setup.validation == null && options.validationShare() == 0) {
      throw new IllegalArgumentException(
          "early stopping needs validation rows: patience="
              + options.patience()
              + ", validationShare=0");
    }
  }

  /// What every training asks of its network, options and rows.
  static void requireFit(ModelSpec spec, TrainingOptions options, Dataset training) {
    Targets.requireFit(spec, training);
    options.augmentation().requireFit(training);
    if (Budgets.exitsByConfidence(spec) && spec.output() == OutputForm.IDENTITY) {
      throw new IllegalArgumentException(
          "exits by confidence need classes or labels: output=identity");
    }
    options.stages().requireFit(spec.stages().size());
    Budgets.of(spec, options).requireReachable(spec, options.plasticity());
  }

  private void requireFit(TeacherAnswers answers) {
    TrainingOptions options = setup.options;
    if (setup.validation == null && options.validationShare() > 0) {
      throw new IllegalArgumentException(
          "teacher answers are for all training rows, of which none can be held out:"
              + " give validation rows, or validationShare=0; validationShare="
              + options.validationShare());
    }
    answers.requireFit(setup.spec, setup.training, options);
  }

  /// The smallest relative MACs that a row of a network can have; those of every row where rules open a fixed number of blocks of one size.
  public static double smallestRelativeMacs(ModelSpec spec) {
    return new SmallestMacs(spec).relative();
  }

  /// Makes [#train] stop after the step it is in, write a checkpoint if it has a path for one, and return. From any thread.
  public void cancel() {
    cancelled = true;
  }

  /// What a training needs, and what it may have.
  public static final class Builder {
    final ModelSpec spec;
    final TrainingOptions options;
    final Dataset training;
    @Nullable Dataset validation;
    @Nullable Teacher teacher;
    @Nullable TeacherAnswers answers;
    @Nullable Executor executor;
    int threads = 1;
    TrainingListener listener = new TrainingListener() {};
    @Nullable Path checkpoint;
    int checkpointSteps;
    @Nullable Path resumeFrom;
    Map<String, String> metadata = Map.of();
    Kernels kernels = KernelProvider.kernels();

    private Builder(ModelSpec spec, TrainingOptions options, Dataset training) {
      this.spec = spec;
      this.options = options;
      this.training = training;
    }

    /// Rows that choose the best epoch and calibrate gates and exits; without them a share of the training rows is held out
    /// ([TrainingOptions#validationShare]).
    public Builder validation(Dataset value) {
      validation = value;
      return this;
    }

    /// A network with the same inputs and outputs whose answers are distilled ([TrainingOptions#distillation]); its weights
    /// are f32. Stays the caller's.
    public Builder teacher(Model value) {
      return teacher(Teacher.of(List.of(value), options.batchSize()));
    }

    /// One network or several; they answer all variants of the training rows when training starts.
    public Builder teacher(Teacher value) {
      teacher = value;
      answers = null;
      return this;
    }

    /// Answers computed before, for exactly these training rows, augmentation and seed: with [#validation] rows, or a
    /// [TrainingOptions#validationShare] of 0. Stay the caller's.
    public Builder teacher(TeacherAnswers value) {
      answers = value;
      teacher = null;
      return this;
    }

    String teacherProvenance() {
      if (teacher != null) {
        return teacher.provenance();
      }
      return answers == null ? "none" : answers.provenance();
    }

    /// Lets `threads − 1` tasks of `executor` help until [Trainer#train] returns. They spin for short times between the phases of a
    /// step; if the executor starts them late or never, training is slower and right.
    public Builder executor(Executor value, int threadCount) {
      OptionChecks.within("threads", threadCount, 1, 1 << 10);
      executor = value;
      threads = threadCount;
      return this;
    }

    public Builder listener(TrainingListener value) {
      listener = value;
      return this;
    }

    /// Writes a checkpoint to `path`, replacing the last one atomically.
    ///
    /// @param everySteps 0: after each epoch
    public Builder checkpoint(Path path, int everySteps) {
      OptionChecks.atLeast("checkpoint everySteps", everySteps, 0);
      checkpoint = path;
      checkpointSteps = everySteps;
      return this;
    }

    /// Continues from a checkpoint of the same blueprint, options and data.
    public Builder resumeFrom(Path path) {
      resumeFrom = path;
      return this;
    }

    /// Entries to add to the model's provenance.
    public Builder metadata(Map<String, String> value) {
      metadata = Map.copyOf(value);
      return this;
    }

    /// Other kernels than [KernelProvider]'s choice; the result has the same bits.
    public Builder kernels(Kernels value) {
      kernels = value;
      return this;
    }

    public Trainer build() {
      return new Trainer(this);
    }
  }
}
