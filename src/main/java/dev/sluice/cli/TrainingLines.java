package dev.sluice.cli;

import dev.sluice.report.Figures;
import dev.sluice.train.EpochRecord;
import dev.sluice.train.StepRecord;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/// One plain line per epoch.
final class TrainingLines implements TrainingProgress {
  private final String prefix;
  private final int epochs;
  private final PrintWriter err;
  private final LongSupplier nanoClock;
  private final long startNanos;
  private long firstStep;
  private long doneSteps;
  private long remainingSteps;

  TrainingLines(String name, int epochs, PrintWriter err, LongSupplier nanoClock) {
    this.prefix = name.isEmpty() ? "" : name + ": ";
    this.epochs = epochs;
    this.err = err;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
  }

  @Override
  public void stepDone(StepRecord record) {
    // a resumed training begins in the middle
    firstStep = firstStep == 0 ? record.step() : firstStep;
    doneSteps = record.step() - firstStep + 1;
    remainingSteps = record.totalSteps() - record.step();
  }

  @Override
  public void epochDone(EpochRecord record) {
    err.println(
        prefix
            + ("epoch " + record.epoch() + "/" + epochs)
            + ("  loss " + Figures.compact(record.trainingLoss()))
            + validation(record)
            + ("  relative MACs " + Figures.share(relativeMacs(record)))
            + takenBack(record)
            + ("  " + Figures.count(Math.round(record.rowsPerSecond())) + " rows/s")
            + ("  ETA " + Figures.duration(remainingSeconds())));
    err.flush();
  }

  /// Regression has no accuracy, a training without validation rows has the training rows' alone.
  private static String validation(EpochRecord record) {
    String loss =
        Double.isNaN(record.validationLoss())
            ? ""
            : "  validation loss " + Figures.compact(record.validationLoss());
    boolean isValidated = !Double.isNaN(record.validationAccuracy());
    double accuracy = isValidated ? record.validationAccuracy() : record.trainingAccuracy();
    return Double.isNaN(accuracy) ? loss : loss + "  accuracy " + Figures.percent(accuracy);
  }

  /// Only rules with a capacity take anything back.
  private static String takenBack(EpochRecord record) {
    double perRow = record.takenBackPerRow();
    return perRow > 0 ? "  dropped " + Figures.compact(perRow) + " gates a row" : "";
  }

  private static double relativeMacs(EpochRecord record) {
    return Double.isNaN(record.relativeMacs())
        ? record.trainingRelativeMacs()
        : record.relativeMacs();
  }

  private double remainingSeconds() {
    double elapsedSeconds = (nanoClock.getAsLong() - startNanos) / 1e9;
    return doneSteps == 0 ? Double.NaN : elapsedSeconds / doneSteps * remainingSteps;
  }

  @Override
  public void close() {}
}
