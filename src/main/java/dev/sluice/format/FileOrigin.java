package dev.sluice.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// What file is at work, for messages: `model file truncated: path=…`.
///
/// @param noun for instance `model file`
record FileOrigin(String noun, Path path) {
  /// @param problem what is wrong, put behind the noun
  /// @param details `name=value` pairs, put behind the path; may be empty
  FormatException problem(String problem, String details) {
    return new FormatException(message(problem, details));
  }

  FormatException problem(String problem, RuntimeException cause) {
    return new FormatException(message(problem, "reason=" + cause.getMessage()), cause);
  }

  /// @param action `read` or `write`
  UncheckedIOException failure(String action, IOException cause) {
    String message =
        "cannot " + action + " " + noun + ": path=" + path + ", reason=" + reasonOf(cause);
    return new UncheckedIOException(message, cause);
  }

  private String message(String problem, String details) {
    return noun + " " + problem + ": path=" + path + (details.isEmpty() ? "" : ", " + details);
  }

  private static String reasonOf(IOException cause) {
    if (cause instanceof NoSuchFileException missing) {
      return "no such file or folder " + missing.getFile();
    }
    if (cause instanceof AccessDeniedException) {
      return "access denied";
    }
    if (cause instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
