package dev.sluice.cli;

import dev.sluice.train.TrainingListener;
import java.io.PrintWriter;

/// How a training goes, on standard error: a bar for who watches a terminal, else a line per epoch.
interface TrainingProgress extends TrainingListener, AutoCloseable {
  /// @param name of the training, for commands that run several; may be empty
  static TrainingProgress create(String name, int epochs, PrintWriter err) {
    return Terminal.isInteractive()
        ? new TrainingBar(name)
        : new TrainingLines(name, epochs, err, System::nanoTime);
  }

  @Override
  void close();
}
