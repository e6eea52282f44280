package dev.sluice.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress bars in one look, on standard error, with the time left. Only for a terminal: see
/// [Terminal].
final class Bars {
  private static final int UPDATE_MILLIS = 200;

  private Bars() {}

  /// @param start where the work begins, above 0 if part of it was done before
  static ProgressBar create(String name, long total, long start) {
    return ProgressBar.builder()
        .setTaskName(name)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .startsFrom(start, Duration.ZERO)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .build();
  }
}
