package dev.sluice.cli;

import dev.sluice.train.StepRecord;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// A progress bar over all steps with the figures of the epoch so far.
final class TrainingBar implements TrainingProgress {
  private final String name;
  private @Nullable ProgressBar bar;

  TrainingBar(String name) {
    this.name = name.isEmpty() ? "train" : name;
  }

  /// The bar is made at the first step, when the number of steps is known and a resumed training's start.
  @Override
  public void stepDone(StepRecord record) {
    if (bar == null) {
      bar = Bars.create(name, record.totalSteps(), record.step() - 1);
    }
    bar.stepTo(record.step());
    bar.setExtraMessage(message(record));
  }

  /// Short: a bar and its message share one line.
  private static String message(StepRecord record) {
    String accuracy =
        Double.isNaN(record.accuracy())
            ? ""
            : String.format(Locale.ROOT, " acc %.1f%%", 100 * record.accuracy());
    return String.format(
        Locale.ROOT,
        " epoch %d/%d loss %.3g%s MACs %.3f %.0f rows/s",
        record.epoch(),
        record.epochs(),
        record.loss(),
        accuracy,
        record.relativeMacs(),
        record.rowsPerSecond());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
