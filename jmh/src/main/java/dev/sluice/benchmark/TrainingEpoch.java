package dev.sluice.benchmark;

import dev.sluice.model.ModelSpec;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// One epoch over random rows, without validation.
@State(Scope.Benchmark)
public class TrainingEpoch {
  private static final double OPEN_SHARE = 0.25;

  /// Widths, inputs first.
  @Param("784-1024-1024-10")
  public String net = "";

  /// Rows of a step.
  @Param("256")
  public int batch;

  /// Rows of the epoch.
  @Param("15360")
  public int rows;

  /// Threads of the trainer, the calling one among them.
  @Param("2")
  public int threads;

  /// `adamw`, or `sgd` with momentum; the same for all trainers.
  @Param("adamw")
  public String optimizer = "";

  /// `sluice`: dense. `sluice-open25`: linear gates, a quarter of the blocks open, closed ones not computed. `djl-pytorch`: dense.
  @Param({"sluice", "sluice-open25", "djl-pytorch"})
  public String trainer = "";

  private TrainingTask task;
  private EpochTrainer epochTrainer;

  @Setup(Level.Trial)
  public void prepare() {
    if (rows % batch != 0) {
      throw new IllegalArgumentException(
          "rows are not whole steps: rows=" + rows + ", batch=" + batch);
    }
    task = TrainingTask.random(ModelSpec.parseArchitecture(net), batch, threads, optimizer, rows);
    epochTrainer =
        switch (trainer) {
          case "sluice" -> SluiceTrainer.dense(task);
          case "sluice-open25" -> SluiceTrainer.gated(task, OPEN_SHARE);
          case "djl-pytorch" -> new DjlTrainer(task);
          default -> throw new IllegalArgumentException("unknown trainer: trainer=" + trainer);
        };
  }

  /// Returns the epoch's mean loss.
  double run(StepClock clock) {
    return epochTrainer.run(clock);
  }

  /// Of the dense network, whatever runs.
  long macs() {
    return (long) task.stepMacs() * (rows / batch);
  }

  @TearDown(Level.Trial)
  public void close() {
    epochTrainer.close();
  }
}
