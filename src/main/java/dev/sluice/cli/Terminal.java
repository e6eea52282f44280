package dev.sluice.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether somebody watches standard error, so that a progress bar makes sense there.
final class Terminal {
  private Terminal() {}

  static boolean isInteractive() {
    Console console = System.console();
    return console != null
        && console.isTerminal()
        && !"dumb".equals(System.getenv("TERM"))
        && !isErrorRedirected();
  }

  /// Java knows about standard input and output only; Linux says more.
  private static boolean isErrorRedirected() {
    Path descriptor = Path.of("/proc/self/fd/2");
    try {
      return Files.exists(descriptor) && !Files.readSymbolicLink(descriptor).startsWith("/dev");
    } catch (IOException e) {
      return true;
    }
  }
}
