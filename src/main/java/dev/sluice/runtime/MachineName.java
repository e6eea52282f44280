package dev.sluice.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Processor and JVM, as far as they bear on the speed of kernels.
final class MachineName {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private MachineName() {}

  static String get() {
    return processor()
        + ", "
        + System.getProperty("os.arch", "?")
        + ", "
        + System.getProperty("java.vm.name", "?")
        + " "
        + Runtime.version();
  }

  /// Linux names it in a file, Windows in the environment; elsewhere it stays unnamed.
  private static String processor() {
    String identifier = System.getenv("PROCESSOR_IDENTIFIER");
    if (identifier != null) {
      return identifier;
    }
    if (!Files.isReadable(CPU_INFO)) {
      return "?";
    }
    try (Stream<String> lines = Files.lines(CPU_INFO, StandardCharsets.ISO_8859_1)) {
      return lines
          .takeWhile(line -> !line.isBlank())
          .filter(
              line ->
                  line.matches("(vendor_id|cpu family|model|model name|stepping|CPU .*)\\s*:.*"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .reduce((a, b) -> a + " " + b)
          .orElse("?");
    } catch (IOException | java.io.UncheckedIOException e) {
      return "?";
    }
  }
}
