package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.train.EpochRecord;
import dev.sluice.train.StepRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TrainingLinesTest {
  private final StringWriter err = new StringWriter();
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

  private TrainingLines lines(String name, int epochs) {
    return new TrainingLines(name, epochs, new PrintWriter(err), nanos::get);
  }

  private static StepRecord step(long step, long totalSteps) {
    return new StepRecord(1, 4, step, totalSteps, 1, 1, 0.5, 0.9, 1, 1e-3, 0, 100);
  }

  private static EpochRecord epoch(int epoch, double validationAccuracy, double accuracy) {
    double validation = Double.isNaN(validationAccuracy) ? Double.NaN : 0.25;
    return new EpochRecord(
        epoch,
        0.5,
        accuracy,
        0.75,
        validation,
        validationAccuracy,
        validation,
        1,
        0,
        12_345.4,
        1e-3,
        0,
        1,
        0.5,
        0);
  }

  @Test
  void aLineHasAllFiguresAndTheTimeLeft() {
    TrainingLines lines = lines("gated", 4);
    lines.stepDone(step(1, 40));
    lines.stepDone(step(10, 40));
    nanos.addAndGet(20_000_000_000L);
    lines.epochDone(epoch(1, 0.875, 0.9));
    assertEquals(
        "gated: epoch 1/4  loss 0.5000  validation loss 0.2500  accuracy 87.50 %"
            + "  relative MACs 0.2500  12,345 rows/s  ETA 1:00 min"
            + System.lineSeparator(),
        err.toString());
  }

  /// Steps of an earlier run took none of this run's time.
  @Test
  void aResumedTrainingCountsItsOwnStepsForTheTimeLeft() {
    TrainingLines lines = lines("", 4);
    lines.stepDone(step(31, 40));
    lines.stepDone(step(35, 40));
    nanos.addAndGet(10_000_000_000L);
    lines.epochDone(epoch(3, 0.875, 0.9));
    assertEquals("ETA 10 s", err.toString().strip().split("rows/s {2}")[1]);
  }

  @Test
  void withoutValidationRowsTheTrainingRowsFiguresAreShown() {
    TrainingLines lines = lines("", 4);
    lines.stepDone(step(10, 10));
    lines.epochDone(epoch(4, Double.NaN, 0.9));
    assertEquals(
        "epoch 4/4  loss 0.5000  accuracy 90.00 %  relative MACs 0.7500  12,345 rows/s  ETA 0 s"
            + System.lineSeparator(),
        err.toString());
  }

  @Test
  void regressionShowsNoAccuracy() {
    TrainingLines lines = lines("", 4);
    lines.stepDone(step(10, 10));
    lines.epochDone(epoch(4, Double.NaN, Double.NaN));
    assertEquals(
        "epoch 4/4  loss 0.5000  relative MACs 0.7500  12,345 rows/s  ETA 0 s"
            + System.lineSeparator(),
        err.toString());
  }
}
