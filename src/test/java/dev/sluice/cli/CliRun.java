package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One command line run in this process, with what it printed.
record CliRun(int exitCode, String out, String err) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  static CliRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(args, new PrintWriter(out), new PrintWriter(err));
    return new CliRun(exitCode, out.toString(), err.toString());
  }

  CliRun succeeded() {
    assertEquals(0, exitCode, err);
    return this;
  }

  /// Exit code 1, nothing on standard output, no stack trace, and a message with these parts.
  CliRun failedWith(String... parts) {
    return endedWith(1, parts);
  }

  /// Exit code 2, the same otherwise, and a pointer to the help.
  CliRun misusedWith(String... parts) {
    endedWith(2, parts);
    assertTrue(err.contains("--help'."), err);
    return this;
  }

  private CliRun endedWith(int code, String... parts) {
    assertEquals(code, exitCode, err);
    assertEquals("", out);
    assertTrue(!err.contains("\tat ") && !err.contains("internal error"), err);
    for (String part : parts) {
      assertTrue(err.contains(part), "missing: " + part + "\nin: " + err);
    }
    return this;
  }

  /// The whole of standard output as one JSON document.
  JsonNode json() {
    return MAPPER.readTree(succeeded().out);
  }
}
