package dev.sluice.cli;

import dev.sluice.experiment.Cell;
import dev.sluice.experiment.ExperimentListener;
import dev.sluice.report.Figures;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// How an experiment goes, on standard error: a bar for who watches a terminal, else a line per network. Jobs may end at the same time.
final class ExperimentProgress implements ExperimentListener, AutoCloseable {
  private final PrintWriter err;
  private final boolean isInteractive;
  private final LongSupplier nanoClock;
  private final List<String> failures = new ArrayList<>();
  private final List<String> unreachable = new ArrayList<>();
  private @Nullable ProgressBar bar;
  private long startNanos;
  private int jobs;
  private int done;

  ExperimentProgress(PrintWriter err, boolean isInteractive, LongSupplier nanoClock) {
    this.err = err;
    this.isInteractive = isInteractive;
    this.nanoClock = nanoClock;
  }

  @Override
  public synchronized void begun(int count) {
    jobs = count;
    startNanos = nanoClock.getAsLong();
    if (isInteractive && count > 0) {
      bar = Bars.create("networks", count, 0);
    } else {
      err.println(count + " jobs to do");
      err.flush();
    }
  }

  @Override
  public synchronized void done(String job) {
    done++;
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + job);
      return;
    }
    double seconds = (nanoClock.getAsLong() - startNanos) / 1e9;
    err.println(
        done
            + "/"
            + jobs
            + "  "
            + job
            + "  ETA "
            + Figures.duration(seconds / done * (jobs - done)));
    err.flush();
  }

  @Override
  public synchronized void unreachable(Cell cell, String reason) {
    unreachable.add(cell + ": " + reason);
  }

  @Override
  public synchronized void failed(Cell cell, String reason) {
    failures.add(cell + ": " + reason);
  }

  /// `linear-0.03-1: mac budget cannot be met: …`
  synchronized List<String> unreachable() {
    return unreachable.stream().sorted().toList();
  }

  /// `linear-0.1-1: training diverged: …`
  synchronized List<String> failures() {
    return failures.stream().sorted().toList();
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
