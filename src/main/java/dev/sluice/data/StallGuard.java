package dev.sluice.data;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Closes a stream that yields nothing for a while: the HTTP client's own time-out ends with the
/// response's headers.
final class StallGuard implements AutoCloseable {
  private final InputStream guarded;
  private final Duration limit;
  private final Thread watcher;
  private volatile long progress;
  private volatile boolean stalled;

  StallGuard(InputStream guarded, Duration limit) {
    this.guarded = guarded;
    this.limit = limit;
    this.watcher = Thread.ofPlatform().daemon().name("sluice-download-guard").start(this::watch);
  }

  void progressed(long total) {
    progress = total;
  }

  boolean stalled() {
    return stalled;
  }

  private void watch() {
    try {
      long seen = -1;
      while (seen != progress) {
        seen = progress;
        Thread.sleep(limit);
      }
      stalled = true;
      guarded.close();
    } catch (InterruptedException e) {
      // The download has ended: there is nothing left to guard.
    } catch (IOException e) {
      // The reader sees the broken stream and reports it with the source's name.
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
