package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged application as a user starts it: no flag for the JVM, a folder of its own.
final class Application {
  private static final int PATIENCE_SECONDS = 120;

  private final Path folder;

  Application(Path folder) {
    this.folder = folder;
  }

  /// What a finished process left.
  record Finished(int exitCode, String out, String err) {
    Finished succeeded() {
      assertEquals(0, exitCode, err);
      return this;
    }

    Finished failed(int code, String... parts) {
      assertEquals(code, exitCode, err);
      assertEquals("", out);
      for (String part : parts) {
        assertTrue(err.contains(part), "missing: " + part + "\nin: " + err);
      }
      return this;
    }

    JsonNode json() {
      return JsonMapper.builder().build().readTree(succeeded().out());
    }
  }

  Finished run(String... args) throws IOException, InterruptedException {
    // to a file, so that neither stream can fill up and stop the process
    Path err = Files.createTempFile(folder, "stderr", ".txt");
    Process process = command(args).redirectError(err.toFile()).start();
    String out = text(process.getInputStream());
    return new Finished(exitCode(process), out, Files.readString(err));
  }

  /// Runs until a line of standard error has `sign` in it, then asks the process to end.
  Finished runUntil(String sign, String... args) throws IOException, InterruptedException {
    Process process = command(args).start();
    StringBuilder err = new StringBuilder();
    boolean asked = false;
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.append(line).append('\n');
        if (!asked && line.contains(sign)) {
          asked = process.toHandle().destroy();
        }
      }
    }
    String out = text(process.getInputStream());
    return new Finished(exitCode(process), out, err.toString());
  }

  private ProcessBuilder command(String... args) {
    String home =
        Objects.requireNonNull(
            System.getProperty("sluice.application"), "folder of the application is not given");
    List<String> command = new ArrayList<>();
    command.add(Path.of(home, "bin", "sluice").toString());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    for (String flags : List.of("SLUICE_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
      builder.environment().remove(flags);
    }
    builder.environment().put("SLUICE_DATA", folder.resolve("data").toString());
    return builder;
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static int exitCode(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("application did not end: seconds=" + PATIENCE_SECONDS);
    }
    return process.exitValue();
  }
}
