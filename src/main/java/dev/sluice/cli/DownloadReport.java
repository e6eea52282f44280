package dev.sluice.cli;

import dev.sluice.data.DownloadProgress;
import dev.sluice.data.RemoteFile;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// How a download goes, on standard error: a bar per file for who watches a terminal, and a line
/// per file.
final class DownloadReport implements DownloadProgress, AutoCloseable {
  private final PrintWriter err;
  private final boolean hasBar = Terminal.isInteractive();
  private @Nullable ProgressBar bar;

  DownloadReport(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void advanced(RemoteFile file, long doneBytes, long totalBytes) {
    if (!hasBar) {
      return;
    }
    if (bar == null) {
      bar = Bars.create(file.path(), totalBytes, 0);
    }
    bar.stepTo(doneBytes);
  }

  @Override
  public void finished(RemoteFile file, boolean wasPresent) {
    close();
    err.println((wasPresent ? "present, verified: " : "downloaded, verified: ") + file.path());
    err.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
