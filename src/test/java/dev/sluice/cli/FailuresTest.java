package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static String report(Throwable e, boolean debug) {
    StringWriter err = new StringWriter();
    assertEquals(1, Failures.report(e, debug, new PrintWriter(err, true)));
    return err.toString();
  }

  @Test
  void aMessageForTheUserIsPrintedAsItIs() {
    String text =
        report(new UncheckedIOException("disk full: path=x", new java.io.IOException()), false);
    assertEquals("sluice: disk full: path=x" + System.lineSeparator(), text);
  }

  @Test
  void aBugIsCalledOne() {
    String text = report(new NullPointerException("oops"), false);
    assertTrue(text.contains("internal error: java.lang.NullPointerException: oops"), text);
    assertTrue(text.contains("--debug"), text);
    assertFalse(text.contains("\tat "), text);
    assertTrue(report(new NullPointerException("oops"), true).contains("\tat "));
  }

  @Test
  void aFailedInitialiserShowsItsCause() {
    String text =
        report(
            new ExceptionInInitializerError(new IllegalArgumentException("unknown kernels")),
            false);
    assertEquals("sluice: unknown kernels" + System.lineSeparator(), text);
  }

  @Test
  void tooLittleMemorySaysHowToGiveMore() {
    assertTrue(report(new OutOfMemoryError("Java heap space"), false).contains("-Xmx"));
  }

  @Test
  void aCommandToBeCopiedIsQuotedWhereAShellWouldChangeIt() {
    assertEquals("m.safetensors", Shell.quote("m.safetensors"));
    assertEquals("'stroke-digits?rows=2&test=3'", Shell.quote("stroke-digits?rows=2&test=3"));
    assertEquals("'it'\\''s'", Shell.quote("it's"));
  }
}
