package dev.sluice.cli;

import dev.sluice.data.DatasetException;
import dev.sluice.format.FormatException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Failures as one line on standard error; a stack trace only with `--debug`.
final class Failures {
  static final int FAILED = CommandLine.ExitCode.SOFTWARE;
  static final int MISUSED = CommandLine.ExitCode.USAGE;

  private Failures() {}

  /// The work failed.
  static int failed(Exception e, CommandLine command, ParseResult result) {
    boolean debug = command.getParseResult().hasMatchedOption(CommonOptions.DEBUG);
    return report(e, debug, command.getErr());
  }

  /// The command line is wrong.
  static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + name + " --help'.");
    return MISUSED;
  }

  static int report(Throwable e, boolean debug, PrintWriter err) {
    err.println("sluice: " + message(e));
    if (debug) {
      e.printStackTrace(err);
    }
    return FAILED;
  }

  private static String message(Throwable e) {
    if (e instanceof ExceptionInInitializerError && e.getCause() != null) {
      return message(e.getCause());
    }
    if (e instanceof OutOfMemoryError) {
      return "out of memory: "
          + e.getMessage()
          + "; use less data or smaller layers, or give Java more memory with"
          + " SLUICE_OPTS=-Xmx4g";
    }
    if (isAddressed(e) && e.getMessage() != null) {
      return e.getMessage();
    }
    return "internal error: "
        + e
        + "; run the command again with --debug and report what it prints";
  }

  /// Whether the message was written for the user.
  private static boolean isAddressed(Throwable e) {
    return e instanceof CommandFailure
        || e instanceof DatasetException
        || e instanceof FormatException
        || e instanceof UncheckedIOException
        || e instanceof IllegalArgumentException
        || e instanceof IllegalStateException;
  }
}
