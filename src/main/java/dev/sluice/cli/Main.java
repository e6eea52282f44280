package dev.sluice.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/// Where the process starts. Exit code 0: done; 1: the work failed; 2: the command line is wrong.
public final class Main {
  /// Signs that tables and messages use beyond ASCII.
  private static final String SIGNS = "µ×±–→";

  private Main() {}

  public static void main(String[] args) {
    Interruption.installHook();
    PrintWriter out = writer(FileDescriptor.out, System.out);
    PrintWriter err = writer(FileDescriptor.err, System.err);
    int exitCode = run(args, out, err);
    Interruption.finished(exitCode);
    System.exit(exitCode);
  }

  /// Runs one command line in this process.
  ///
  /// @param out for results
  /// @param err for progress and messages
  /// @return the exit code
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine commandLine = new CommandLine(new SluiceCommand());
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setExecutionExceptionHandler(Failures::failed);
    commandLine.setParameterExceptionHandler(Failures::misused);
    int exitCode;
    try {
      exitCode = commandLine.execute(args);
    } catch (Error e) {
      // picocli passes errors on: no memory, or a class that does not initialise
      exitCode = Failures.report(e, String.join(" ", args).contains("--debug"), err);
    }
    if (out.checkError()) {
      err.println("sluice: cannot write to standard output; is the disk full, or the pipe closed?");
      exitCode = Math.max(exitCode, Failures.FAILED);
    }
    err.flush();
    return exitCode;
  }

  /// In the C locale Java would print `?` for our signs; terminals show UTF-8 there all the same.
  private static PrintWriter writer(FileDescriptor descriptor, PrintStream stream) {
    Charset own = stream.charset();
    Charset charset = own.newEncoder().canEncode(SIGNS) ? own : StandardCharsets.UTF_8;
    return new PrintWriter(new FileOutputStream(descriptor), true, charset);
  }
}
