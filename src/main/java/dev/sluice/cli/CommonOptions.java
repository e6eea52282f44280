package dev.sluice.cli;

import dev.sluice.report.JsonText;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What every command has: help, JSON, stack traces on demand, and where to print.
///
/// picocli itself acts on `help`, and [Failures] looks for `debug` where no instance is at hand.
final class CommonOptions {
  static final int HELP_WIDTH = 100;
  static final String DEBUG = "--debug";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--json", description = "Print one JSON document to standard output.")
  private boolean json;

  @Option(names = DEBUG, description = "Print the stack trace of a failure.")
  boolean debug;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  boolean isJson() {
    return json;
  }

  /// Where results go.
  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /// Where progress and messages go.
  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /// Prints the result in the form that was asked for.
  void print(Supplier<JsonText> document, Supplier<String> text) {
    if (json) {
      out().println(document.get().format());
    } else {
      out().print(text.get());
    }
    out().flush();
  }

  ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /// The value of an option whose text `parse` refuses with an [IllegalArgumentException].
  <T> T option(String name, Supplier<T> parse) {
    return valid("invalid " + name + ": ", parse);
  }

  /// The same for messages that say themselves which option they mean.
  <T> T options(Supplier<T> parse) {
    return valid("", parse);
  }

  private <T> T valid(String prefix, Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), prefix + e.getMessage(), e);
    }
  }
}
