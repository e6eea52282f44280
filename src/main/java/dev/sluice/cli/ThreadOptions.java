package dev.sluice.cli;

import picocli.CommandLine.Option;

/// How many cores a training takes; the result has the same bits for any number.
final class ThreadOptions {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--threads",
      paramLabel = "T",
      description =
          "Threads that train; any number gives the same bits. Default: one per core"
              + " (${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  int threads(CommonOptions common) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw common.misuse(
          "invalid --threads: out of range: threads=" + threads + ", expected=1.." + MOST_THREADS);
    }
    return threads;
  }
}
